/** Publishing takes a moment, and two machines' clocks differ by one: what came so shortly before a page was made may not stand on it. */
const settlesWithinMs = 10_000;

/** Up to when whoever looks at a page that was made then has seen everything; `newest` is the newest that stands on it. */
export const seenUpTo = (newest: Date | null, madeAt: Date): Date => new Date(Math.max(newest?.getTime() ?? 0, madeAt.getTime() - settlesWithinMs));
