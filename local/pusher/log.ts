/** One JSON line on stderr: stdout belongs to the ready line. */
export function log(level: "info" | "warn" | "error", message: string, details: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), engine: "pusher", message, ...details })}\n`);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
