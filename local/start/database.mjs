// @ts-check
import { join } from "node:path";
import { startPostgres } from "../postgres/postgres.mjs";
import { isAlive, sleep } from "./processes.mjs";

const lookEveryMs = 300;

/**
 * PostgreSQL under watch. It is no child of ours (it must outlive a killed start, which would otherwise tear it down
 * in the middle of its work), so it is looked at rather than waited for.
 * @param {{ dataDir: string, port: number, announce: (line: string) => void, onRestart: () => void }} options
 */
export async function watchDatabase({ dataDir, port, announce, onRestart }) {
  const folder = join(dataDir, "postgres");
  let server = await startPostgres({ dataDir: folder, port });
  const first = server;
  let stopping = false;

  async function watch() {
    while (!stopping) {
      await sleep(lookEveryMs);
      if (stopping || isAlive(server.pid)) continue;
      announce("PostgreSQL ended unexpectedly; starting it again");
      try {
        server = await startPostgres({ dataDir: folder, port: first.port });
        onRestart();
        announce("PostgreSQL runs again");
      } catch (error) {
        announce(error instanceof Error ? error.message : String(error));
        await sleep(2_000);
      }
    }
  }
  const watching = watch();

  return {
    url: first.url,
    adminUrl: first.adminUrl,
    port: first.port,
    adopted: first.adopted,
    pid: () => server.pid,
    async stop() {
      stopping = true;
      // A restart may just be under way; stopping before it ends would leave it running.
      await Promise.race([watching, sleep(5_000)]);
      await server.stop();
    },
    kill() {
      stopping = true;
      try {
        process.kill(server.pid, "SIGQUIT");
      } catch {
        // Gone already.
      }
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof watchDatabase>>} Database */
