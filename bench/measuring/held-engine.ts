import type { Instance } from "./instance";

/**
 * Runs `work` while the job engine stands still, so that what a request sets going does not compete with the next request for the
 * same process.
 */
export async function withEngineHeld<T>({ inngest }: Instance, work: () => Promise<T>): Promise<T> {
  const release = () => process.kill(inngest.pid, "SIGCONT");
  process.kill(inngest.pid, "SIGSTOP");
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}
