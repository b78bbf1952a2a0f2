// @ts-check

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const quietEveryMs = 10_000;

/**
 * Says what is going on and for how long. On a terminal the last line is alive; elsewhere (logs, containers) long
 * steps repeat themselves every ten seconds.
 */
export function createProgress(out = process.stdout) {
  const alive = Boolean(out.isTTY) && process.env.TERM !== "dumb";
  /** @type {Set<{ title: string, since: number }>} */
  const active = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let frame = 0;

  const clear = () => alive && out.write("\r\x1b[2K");
  const draw = () => {
    if (!alive || active.size === 0) return;
    const what = [...active].map(({ title, since }) => `${title} ${Math.round((Date.now() - since) / 1000)} s`);
    const line = `${frames[frame++ % frames.length]} ${what.join("  ·  ")}`;
    out.write(`\r\x1b[2K${line.slice(0, (out.columns ?? 80) - 1)}`);
  };
  const repeat = () => {
    if (alive) return draw();
    for (const { title, since } of active) out.write(`  … ${title}, ${Math.round((Date.now() - since) / 1000)} s\n`);
  };

  /** @param {string} line */
  function say(line) {
    clear();
    out.write(`${line}\n`);
    draw();
  }

  /**
   * @template T
   * @param {string} title
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async function step(title, work) {
    const entry = { title, since: Date.now() };
    active.add(entry);
    timer ??= setInterval(repeat, alive ? 120 : quietEveryMs);
    if (!alive) out.write(`  · ${title}\n`);
    const finish = (/** @type {string} */ mark) => {
      active.delete(entry);
      if (active.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      say(`  ${mark} ${title} (${((Date.now() - entry.since) / 1000).toFixed(1)} s)`);
    };
    try {
      const result = await work();
      finish("✓");
      return result;
    } catch (error) {
      finish("✗");
      throw error;
    }
  }

  return { say, step };
}

/** @typedef {ReturnType<typeof createProgress>} Progress */
