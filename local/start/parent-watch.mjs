// @ts-check
// Loaded into the app's processes with --import: when the start is killed with -9 nobody is left to stop them, and
// they would keep the port. Engines watch their parent themselves.
const start = Number(process.env.MOIM_PARENT_PID);
const parent = process.ppid;

if (start > 0) setInterval(() => isOrphan() && process.exit(1), 1_000).unref();

function isOrphan() {
  // A parent that nobody reaps can still be signalled, but its children have been handed on by then.
  if (process.ppid !== parent) return true;
  try {
    process.kill(start, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}
