interface Closable {
  close(): Promise<void>;
}

const longestStopMs = 1_500;
const parentCheckMs = 1_000;

/** Ends the process when it is asked to, and when whoever started it (`parent`, a process id) is gone. */
export function stopWhenAsked(engine: Closable, parent: number | undefined, onFault: (reason: string) => void): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // What was acknowledged is on the disk already, so being cut short loses nothing.
    setTimeout(() => process.exit(0), longestStopMs).unref();
    engine.close().then(
      () => process.exit(0),
      (error: unknown) => {
        onFault(String(error));
        process.exit(0);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (parent !== undefined) setInterval(() => isRunning(parent) || stop(), parentCheckMs).unref();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** One line for whoever reads the end of a log. */
export function refuseToStart(engine: string, reason: string): void {
  process.stderr.write(`${engine}: ${reason.replace(/\s*\n\s*/g, "; ")}\n`);
  process.exitCode = 1;
}
