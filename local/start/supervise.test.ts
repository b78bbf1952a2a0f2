import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isAlive, waitForExit } from "./processes.mjs";
import { type Child, supervise } from "./supervise.mjs";

const ready = `console.log('{"ready":true}');`;
const forever = "setInterval(() => {}, 1000);";

describe("a supervised program", () => {
  let folder = "";
  let child: Child | undefined;
  const announced: string[] = [];
  const pids: number[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "moim-supervise-"));
    announced.length = 0;
    pids.length = 0;
  });

  afterEach(async () => {
    await child?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function run(script: string, graceMs = 2_000): Child {
    child = supervise({
      name: "engine",
      command: process.execPath,
      args: ["-e", script],
      cwd: folder,
      env: { PATH: process.env.PATH },
      log: { write: () => undefined },
      tell: () => undefined,
      announce: (line: string) => announced.push(line),
      isReady: (line: string) => line.includes('"ready":true'),
      onPid: (pid: number) => pids.push(pid),
      graceMs,
    });
    return child;
  }

  test("is started again when it is killed", async () => {
    const { ready: isReady, pid } = run(ready + forever);
    await isReady;
    const first = pid();
    process.kill(first, "SIGKILL");
    await vi.waitFor(() => expect(announced).toContain("engine runs again"), { timeout: 10_000 });
    expect(pid()).not.toBe(first);
    expect(isAlive(pid())).toBe(true);
  });

  test("that never gets ready is told with its last words", async () => {
    const { ready: isReady } = run("console.error('the port is taken'); process.exit(3)");
    await expect(isReady).rejects.toThrow(/engine ended before it was ready \(code 3\)\nthe port is taken/);
    expect(pids.length).toBe(3);
  });

  test("that ignores the request to stop is killed, and stays down", async () => {
    const { ready: isReady, pid, stop } = run(`process.on("SIGTERM", () => {}); ${ready}${forever}`, 100);
    await isReady;
    const it = pid();
    await stop();
    expect(isAlive(it)).toBe(false);
    expect(announced).toEqual([]);
  });

  test("takes what it started along when it dies", async () => {
    const grandchild = `const { pid } = require("child_process").spawn(process.execPath, ["-e", "${forever}"]); console.error(pid);`;
    let heir = 0;
    child = supervise({
      name: "engine",
      command: process.execPath,
      args: ["-e", `${grandchild} setTimeout(() => { ${ready} }, 200); ${forever}`],
      cwd: folder,
      env: { PATH: process.env.PATH },
      log: { write: (line: string) => (heir ||= Number(line)) },
      tell: () => undefined,
      announce: () => undefined,
      isReady: (line: string) => line.includes('"ready":true'),
      graceMs: 2_000,
    });
    await child.ready;
    process.kill(child.pid(), "SIGKILL");
    expect(heir).toBeGreaterThan(0);
    expect(await waitForExit(heir, 5_000)).toBe(true);
  });
});
