/** One JSON line on stderr: stdout belongs to the ready line alone. */
export function log(level: "info" | "warn" | "error", message: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, engine: "inngest", message, ...fields })}\n`);
}

export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to "localhost" arrives as an AggregateError whose own message is empty.
  if (error instanceof AggregateError && !error.message) return error.errors.map(reason).join("; ");
  return error.message || error.name;
}

/** Parsers add a drawing of the place to their messages. */
export function firstLine(error: unknown): string {
  return reason(error).split("\n")[0] ?? "";
}
