import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Floor {
  origin: string;
  stop(): void;
}

/** Starts a floor of this folder beside us; the channel between the processes ends it with us, however we end. */
export async function startFloorProcess(file: string, env: Record<string, string>): Promise<Floor> {
  const child = fork(join(import.meta.dirname, file), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (!child.stdout) throw new Error("the floor has no output");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { origin: `http://127.0.0.1:${line.toString().trim()}`, stop: () => void child.kill("SIGTERM") };
}

/** `floor-http.ts`: one INSERT behind node:http. */
export const startHttpFloor = (databaseUrl: string) => startFloorProcess("floor-http.ts", { DATABASE_URL: databaseUrl });
