import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import Pusher from "pusher";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", main], {
    env: { NODE_ENV: "test", PATH: process.env.PATH, PORT: "0", PUSHER_APP_ID: "1", PUSHER_KEY: "key", PUSHER_SECRET: "secret", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (output.stderr += String(chunk)));
  const ready = new Promise<{ port: number; host: string }>((resolve, reject) => {
    child.stdout.once("data", (line) => resolve(JSON.parse(String(line)) as { port: number; host: string }));
    child.once("exit", (code) => reject(new Error(`exited with ${code}: ${output.stderr}`)));
  });
  ready.catch(() => undefined);
  return { child, ready, output };
}

describe("the engine as a process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("says that it is ready, serves, and exits 0 on %s", async (signal) => {
    const { child, ready, output } = run({});
    const { host, port } = await ready;
    const socket = new WebSocket(`ws://${host}:${port}/app/key?protocol=7`);
    const closed = once(socket, "close");
    await once(socket, "message");
    await new Pusher({ appId: "1", key: "key", secret: "secret", host, port: String(port) }).trigger("a", "b", "c");
    child.kill(signal);
    expect((await closed)[0]).toBe(4200);
    expect((await once(child, "exit"))[0]).toBe(0);
    expect(output.stdout.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(output.stdout)).toMatchObject({ ready: true, port });
  });

  it("goes when its parent has gone", async () => {
    const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    running.push(parent);
    const { child, ready } = run({ MOIM_PARENT_PID: String(parent.pid) });
    await ready;
    parent.kill("SIGKILL");
    expect((await once(child, "exit"))[0]).toBe(0);
  });

  it.each<[string, Record<string, string>]>([
    ["PUSHER_SECRET is not set.", { PUSHER_SECRET: "" }],
    ["The application id must be numeric.", { PUSHER_APP_ID: "moim" }],
    ["PORT must be a whole number of at least 0.", { PORT: "soon" }],
    ["PUSHER_CLIENT_EVENTS must be", { PUSHER_CLIENT_EVENTS: "maybe" }],
    ["The webhook URL must be an http or https URL.", { PUSHER_WEBHOOK_URL: "ftp://x" }],
  ])("does not start without sense: %s", async (reason, env) => {
    const { child, output } = run(env);
    expect((await once(child, "close"))[0]).toBe(1);
    expect(output.stderr.trim().split("\n")).toEqual([expect.stringContaining(reason)]);
    expect(output.stdout).toBe("");
  });

  it("says so when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const { child, output } = run({ PORT: String(typeof address === "object" && address ? address.port : 0) });
    expect((await once(child, "close"))[0]).toBe(1);
    expect(output.stderr).toContain("EADDRINUSE");
    other.close();
  });
});
