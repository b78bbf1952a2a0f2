// @ts-check
import { parentOf } from "./processes.mjs";

/**
 * The first Ctrl-C (or SIGTERM, or the terminal closing) asks, a second one insists.
 * @param {() => void} ask
 * @param {() => void} insist
 */
export function onStopRequest(ask, insist) {
  let askedAt = 0;
  const request = () => {
    if (askedAt === 0) {
      askedAt = Date.now();
      return ask();
    }
    // npm passes Ctrl-C on although the terminal has delivered it already: one key press, two signals.
    if (Date.now() - askedAt > 400) insist();
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, request);
}

/**
 * Under npm, this process is npm's only reason to be: when npm is killed, nobody is left whom Ctrl-C would reach.
 * Between the two there may be a shell, which outlives npm. A test run names itself in MOIM_PARENT_PID.
 * @param {() => void} lost
 */
export function onLostParent(lost) {
  const { npm_lifecycle_event, MOIM_PARENT_PID } = process.env;
  if (!(npm_lifecycle_event || MOIM_PARENT_PID) || process.platform === "win32") return;
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    lost();
  }, 500);
  timer.unref();
}
