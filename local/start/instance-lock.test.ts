import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withCheckoutLock } from "./checkout-lock.mjs";
import { claimInstance } from "./instance-lock.mjs";
import { identify, isAlive } from "./processes.mjs";

const quiet = { say: () => undefined, step: <T>(_title: string, work: () => Promise<T>) => work() };

describe("a data folder", () => {
  let folder = "";
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "moim-lock-"));
  });

  afterEach(async () => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  async function bystander() {
    const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1000)"], { detached: true });
    started.push(child);
    await once(child.stdout, "data");
    const pid = child.pid ?? 0;
    return { child, seen: { pid, startedAt: identify(pid)?.startedAt ?? "", command: "" } };
  }

  const dead = { pid: 2 ** 22 + 1, startedAt: "1", command: "" };
  const holder = (value: object) => writeFileSync(join(folder, "instance.json"), JSON.stringify(value));

  test("has one instance: a second is refused while the first lives", async () => {
    const { seen } = await bystander();
    holder({ ...seen, children: {} });
    await expect(claimInstance(folder, quiet)).rejects.toThrow(`already runs on this data folder (process ${seen.pid})`);
  });

  test("is taken over from a killed start, whose engines are ended and whose run.json goes", async () => {
    const { child, seen } = await bystander();
    holder({ ...dead, children: { mail: seen } });
    writeFileSync(join(folder, "run.json"), "{}");
    const gone = once(child, "exit");
    const lock = await claimInstance(folder, quiet);
    await gone;
    expect(existsSync(join(folder, "run.json"))).toBe(false);
    lock.release();
    expect(existsSync(join(folder, "instance.json"))).toBe(false);
  });

  test("a process that merely got the pid of a dead engine is left alone", async () => {
    const { seen } = await bystander();
    holder({ ...dead, children: { mail: { ...seen, startedAt: "another time" } } });
    await claimInstance(folder, quiet);
    expect(isAlive(seen.pid)).toBe(true);
  });

  test("a lock file that a crash cut short does not keep anyone out", async () => {
    writeFileSync(join(folder, "instance.json"), '{"pid": 1');
    await expect(claimInstance(folder, quiet)).resolves.toBeDefined();
  });

  test("a checkout is built by one at a time, and a dead builder does not block it", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setTimeout(done, 20));
      inside -= 1;
    };
    await withCheckoutLock(folder, { waiting: () => undefined }, async () => {
      writeFileSync(join(folder, ".moim-lock", "holder.json"), JSON.stringify(dead));
      await Promise.all([1, 2, 3].map(() => withCheckoutLock(folder, { waiting: () => undefined }, work)));
    });
    expect(most).toBe(1);
  });
});
