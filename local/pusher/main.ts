import { log, reasonOf } from "./log";
import { startPusher } from "./server";
import { optionsFromEnvironment } from "./settings";

async function main(): Promise<void> {
  // Nobody reads the log any more: no reason to stop serving.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const options = optionsFromEnvironment(process.env);
  const engine = await startPusher(options);
  let leaving = false;
  const leave = (why: string) => {
    if (leaving) return;
    leaving = true;
    log("info", "stopping", { why });
    void engine.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", () => leave("SIGTERM"));
  process.on("SIGINT", () => leave("SIGINT"));
  const parent = Number(process.env.MOIM_PARENT_PID);
  if (parent > 0) setInterval(() => isRunning(parent) || leave("the parent is gone"), 1000).unref();
  const { host, port, url } = engine;
  process.stdout.write(`${JSON.stringify({ ready: true, engine: "pusher", host, port, url })}\n`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's is running all the same.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The Pusher engine cannot start: ${reasonOf(error)}\n`);
  process.exit(1);
});
