/** One JSON line on stderr: stdout belongs to the one line that says the engine is ready. */
export function log(level: "info" | "warn" | "error", message: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), engine: "storage", message, ...fields })}\n`);
}
