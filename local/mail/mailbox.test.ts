import { spawn, type ChildProcess } from "node:child_process";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resend } from "resend";
import { describe, expect, it, onTestFinished } from "vitest";
import { startMail } from "./server";
import { apiKey, hello, mailUnderTest, temporaryFolder, type StoredMessage } from "./testing";

const mainFile = fileURLToPath(new URL("./main.ts", import.meta.url));

interface Started {
  child: ChildProcess;
  url: string;
}

async function startProcess(dataDir: string, environment: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, ["--import", "tsx", mainFile], {
    env: { ...process.env, PORT: "0", MAIL_DATA: dataDir, RESEND_API_KEY: apiKey, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the engine did not start")));
    child.stdout?.once("data", (line: Buffer) => {
      const ready = JSON.parse(line.toString()) as { ready: boolean; url: string };
      resolve(ready.url);
    });
  });
  return { child, url };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("exit", (code) => resolve(code)));

describe("what was acknowledged", () => {
  it("is there after a restart, with its content and state", async () => {
    const first = await mailUnderTest();
    const cancelled = await first.resend.emails.send({ ...hello, subject: "cancelled", scheduledAt: "in 1 hour" });
    await first.resend.emails.cancel(cancelled.data?.id ?? "");
    await first.resend.batch.send([hello, { ...hello, subject: "Two" }]);
    const before = await first.messages();
    await first.engine.close();
    const second = await mailUnderTest({ dataDir: first.dataDir });
    expect(await second.messages()).toEqual(before);
    expect(before.map(({ subject, lastEvent }) => [subject, lastEvent])).toEqual([
      ["Two", "delivered"],
      ["Hello", "delivered"],
      ["cancelled", "canceled"],
    ]);
  });

  it("survives kill -9 at any moment, whole, once, and with its keys", async () => {
    const dataDir = await temporaryFolder();
    const acknowledged = new Map<string, string>();
    let next = 0;
    for (let round = 0; round < 3; round += 1) {
      const { child, url } = await startProcess(dataDir);
      const resend = new Resend(apiKey, { baseUrl: url });
      const gone = exitOf(child);
      let running = true;
      const sender = async (): Promise<void> => {
        while (running) {
          const key = `key-${(next += 1)}`;
          const sent = await resend.emails.send({ ...hello, subject: key, html: "x".repeat(20_000) }, { idempotencyKey: key });
          if (sent.data) acknowledged.set(key, sent.data.id);
          else running = false;
        }
      };
      const senders = Promise.all(Array.from({ length: 8 }, sender));
      const enough = acknowledged.size + 40;
      while (acknowledged.size < enough) await new Promise(setImmediate);
      child.kill("SIGKILL");
      await gone;
      running = false;
      await senders;
    }
    const { engine } = await mailUnderTest({ dataDir });
    const resend = new Resend(apiKey, { baseUrl: engine.url });
    const kept = (await (await fetch(`${engine.url}/messages?limit=1000&fields=summary`)).json()) as StoredMessage[];
    const idBySubject = new Map(kept.map(({ subject, id }) => [subject, id]));
    expect(idBySubject.size).toBe(kept.length);
    for (const [key, id] of acknowledged) expect(idBySubject.get(key)).toBe(id);
    const [key, id] = [...acknowledged][0] ?? ["", ""];
    const again = await resend.emails.send({ ...hello, subject: key, html: "x".repeat(20_000) }, { idempotencyKey: key });
    expect(again.data?.id).toBe(id);
  }, 60_000);

  it("is not lost to a torn tail, which is cut off", async () => {
    const first = await mailUnderTest();
    await first.resend.emails.send(hello);
    await first.resend.emails.send({ ...hello, subject: "Two" });
    await first.engine.close();
    const file = join(first.dataDir, "journal-00000001.log");
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length - 7));
    const second = await mailUnderTest({ dataDir: first.dataDir });
    expect((await second.messages()).map(({ subject }) => subject)).toEqual(["Hello"]);
    await second.resend.emails.send({ ...hello, subject: "Three" });
    await second.engine.close();
    await appendFile(file, Buffer.from('{"crc":1,"header":4,"bodies":[]}\nnull\n'));
    const third = await mailUnderTest({ dataDir: first.dataDir });
    expect((await third.messages()).map(({ subject }) => subject)).toEqual(["Three", "Hello"]);
  });

  it("is not dropped silently when a sealed segment is damaged: the engine does not start", async () => {
    const first = await mailUnderTest({ segmentBytes: 1 });
    for (let index = 0; index < 3; index += 1) await first.resend.emails.send(hello);
    await first.engine.close();
    const file = join(first.dataDir, "journal-00000001.log");
    const bytes = await readFile(file);
    bytes[bytes.length - 20] = 0;
    await writeFile(file, bytes);
    await expect(startMail({ port: 0, apiKey, dataDir: first.dataDir })).rejects.toThrow(/journal-00000001\.log is damaged/);
  });
});

describe("the cap", () => {
  it("lets the oldest mail and its segment go, never one that waits, and keeps keys for their day", async () => {
    const options = { maxMessages: 5, segmentBytes: 4_000 };
    const first = await mailUnderTest(options);
    const waiting = await first.resend.emails.send({ ...hello, subject: "waiting", scheduledAt: "in 1 hour" });
    const keyed = await first.resend.emails.send({ ...hello, subject: "keyed" }, { idempotencyKey: "k" });
    for (let index = 0; index < 40; index += 1) await first.resend.emails.send({ ...hello, subject: String(index) });
    const subjects = ["39", "38", "37", "36", "waiting"];
    expect((await first.messages()).map(({ subject }) => subject)).toEqual(subjects);
    await first.engine.close();
    expect((await readdir(first.dataDir)).filter((name) => name.startsWith("journal-")).length).toBeLessThan(5);

    const second = await mailUnderTest({ ...options, dataDir: first.dataDir });
    expect((await second.messages()).map(({ subject }) => subject)).toEqual(subjects);
    const again = await second.resend.emails.send({ ...hello, subject: "keyed" }, { idempotencyKey: "k" });
    expect(again.data?.id).toBe(keyed.data?.id);
    expect((await second.resend.emails.cancel(waiting.data?.id ?? "")).error).toBeNull();
    await second.engine.close();
    const third = await mailUnderTest({ dataDir: first.dataDir });
    expect((await third.resend.emails.get(waiting.data?.id ?? "")).data?.last_event).toBe("canceled");
  });

  it("counts bytes as well, and keeps the newest however large", async () => {
    const { resend, messages } = await mailUnderTest({ maxBytes: 10_000 });
    for (const subject of ["1", "2", "3"]) await resend.emails.send({ ...hello, subject, html: "x".repeat(4_500) });
    expect((await messages()).map(({ subject }) => subject)).toEqual(["3", "2"]);
    await resend.emails.send({ ...hello, subject: "large", html: "x".repeat(20_000) });
    expect((await messages()).map(({ subject }) => subject)).toEqual(["large"]);
  });

  it("frees the space of a cleared mailbox and forgets its mail for good", async () => {
    const first = await mailUnderTest();
    await first.resend.emails.send({ ...hello, html: "x".repeat(100_000) });
    await fetch(`${first.engine.url}/messages`, { method: "DELETE" });
    await first.engine.close();
    expect((await readdir(first.dataDir)).filter((name) => name.startsWith("journal-"))).toEqual(["journal-00000002.log"]);
    const second = await mailUnderTest({ dataDir: first.dataDir });
    expect(await second.messages()).toEqual([]);
  });

  it("keeps more keys than a segment holds, without copying them round and round", async () => {
    const first = await mailUnderTest({ segmentBytes: 4_000, maxMessages: 3 });
    const ids = new Map<string, string>();
    for (let index = 0; index < 60; index += 1) {
      const key = `key-${index}`;
      ids.set(key, (await first.resend.emails.send(hello, { idempotencyKey: key })).data?.id ?? "");
    }
    await fetch(`${first.engine.url}/messages`, { method: "DELETE" });
    await first.resend.emails.send(hello);
    await first.engine.close();
    const second = await mailUnderTest({ dataDir: first.dataDir });
    for (const [key, id] of ids) {
      expect((await second.resend.emails.send(hello, { idempotencyKey: key })).data?.id).toBe(id);
    }
    expect(await second.messages()).toHaveLength(1);
  });
});

describe("the process", () => {
  it("stops within two seconds with 0, keeps a second engine off its folder, and goes with its parent", async () => {
    const dataDir = await temporaryFolder();
    const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    onTestFinished(() => void parent.kill("SIGKILL"));
    const { child } = await startProcess(dataDir, { MOIM_PARENT_PID: String(parent.pid) });
    await expect(startMail({ port: 0, apiKey, dataDir })).rejects.toThrow("is in use by another mail engine");
    const gone = exitOf(child);
    parent.kill("SIGKILL");
    expect(await gone).toBe(0);
    const second = await startProcess(dataDir);
    const stopped = exitOf(second.child);
    second.child.kill("SIGTERM");
    expect(await stopped).toBe(0);
  });

  it("says in one line why it cannot start", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", mainFile], {
      env: { ...process.env, MAIL_DATA: "", RESEND_API_KEY: apiKey },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let reason = "";
    child.stderr.on("data", (part: Buffer) => (reason += part.toString()));
    expect(await exitOf(child)).toBe(1);
    expect(reason.trim()).toMatch(/^mail: .*MAIL_DATA[^\n]*$/);
  });
});
