import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { anyFreePort } from "@/local/start/ports.mjs";
import { endGroup, runCommand } from "@/local/start/command.mjs";
import { waitForExit } from "@/local/start/processes.mjs";

const root = join(import.meta.dirname, "..", "..");
const source = join(root, "bench", "floor-next");
const built = join(root, ".moim-bench", "floor");
const next = join(root, "node_modules", "next", "dist", "bin", "next");

/** Builds the empty app with the product's own Next. @returns how long the build took */
export async function buildFloor(): Promise<number> {
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  cpSync(source, built, { recursive: true });
  const startedAt = performance.now();
  await runCommand(process.execPath, [next, "build"], { cwd: built, env: floorEnv({}), log: join(built, "build.log") });
  writeFileSync(join(built, "version"), nextVersion());
  return performance.now() - startedAt;
}

export interface Floor {
  origin: string;
  /** From the start of the process to the first answer. */
  readyMs: number;
  stop(): Promise<void>;
}

/** `next start` of the empty app, built when it is not there yet. */
export async function startFloor(databaseUrl = ""): Promise<Floor> {
  if (!isBuilt()) await buildFloor();
  const port = await anyFreePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: built,
    env: floorEnv({ DATABASE_URL: databaseUrl }),
    stdio: "ignore",
    detached: process.platform !== "win32",
  });
  const end = () => endGroup(child.pid, "SIGKILL");
  process.once("exit", end);
  const origin = `http://127.0.0.1:${port}`;
  while (!(await answers(origin))) {
    if (child.exitCode !== null) throw new Error(`the floor ended with code ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 10));
  }
  return {
    origin,
    readyMs: performance.now() - startedAt,
    async stop() {
      process.off("exit", end);
      endGroup(child.pid, "SIGTERM");
      if (child.pid && !(await waitForExit(child.pid, 3_000))) end();
    },
  };
}

const nextVersion = () => readFileSync(join(root, "node_modules", "next", "package.json"), "utf8");
const isBuilt = () => existsSync(join(built, "version")) && readFileSync(join(built, "version"), "utf8") === nextVersion();

const floorEnv = (own: Record<string, string>): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  // Where the packages really lie: Turbopack does not follow a link out of its root.
  FLOOR_PACKAGES: dirname(realpathSync(join(root, "node_modules"))),
  ...own,
});

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(origin);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
