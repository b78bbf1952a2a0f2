import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Starts `floor-http.ts` beside us; the channel between the processes ends it with us, however we end. */
export async function startHttpFloor(databaseUrl: string): Promise<{ origin: string; stop(): void }> {
  const child = fork(join(import.meta.dirname, "floor-http.ts"), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (!child.stdout) throw new Error("the floor has no output");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { origin: `http://127.0.0.1:${line.toString().trim()}`, stop: () => void child.kill("SIGTERM") };
}
