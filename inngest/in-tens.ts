/** A function may have ten triggers (https://www.inngest.com/docs/usage-limits/inngest), so what hears more events is several functions. */
const triggersMax = 10;

/** The triggers of each of them with the id it has; the first keeps the plain one. */
export function inTens(id: string, events: readonly string[]): { id: string; triggers: { event: string }[] }[] {
  return Array.from({ length: Math.ceil(events.length / triggersMax) }, (_, index) => ({
    id: index === 0 ? id : `${id}-${index + 1}`,
    triggers: events.slice(index * triggersMax, (index + 1) * triggersMax).map((event) => ({ event })),
  }));
}
