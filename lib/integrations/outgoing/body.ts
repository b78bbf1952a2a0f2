/** What is put on its way to one endpoint, before it has its place in the order. */
export interface Saying {
  event: string;
  occurredAt: string;
  data: Record<string, unknown>;
  entity: string;
  sequence: number;
}

/** Standard Webhooks 1.0.0 advises payloads below 20 kB: receivers, and proxies before them, are entitled to refuse what is larger. */
export const bodyBytesMax = 20_000;

/** How long texts and lists may be, tried one after another until everything fits. */
const cuts = [
  { characters: Infinity, entries: Infinity },
  { characters: 8_000, entries: 200 },
  { characters: 2_000, entries: 100 },
  { characters: 500, entries: 40 },
  { characters: 120, entries: 10 },
] as const;

/**
 * The bytes that every attempt signs. What is too long to travel is cut at its end and named in `truncated`, so that a receiver knows
 * what to ask the API for.
 */
export function bodyOf({ event, occurredAt, data, entity, sequence }: Saying): string {
  const written = (cut: (typeof cuts)[number]) => {
    const truncated: string[] = [];
    const shortened = shorten(data, cut, "data", truncated);
    return JSON.stringify({ type: event, timestamp: occurredAt, data: shortened, sequence, entity, ...(truncated.length > 0 && { truncated }) });
  };
  for (const cut of cuts) {
    const body = written(cut);
    if (Buffer.byteLength(body) <= bodyBytesMax) return body;
  }
  return JSON.stringify({ type: event, timestamp: occurredAt, data: {}, sequence, entity, truncated: ["data"] });
}

function shorten(value: unknown, cut: (typeof cuts)[number], path: string, truncated: string[]): unknown {
  if (typeof value === "string" && value.length > cut.characters) {
    truncated.push(path);
    // Never between the halves of a surrogate pair.
    return `${value.slice(0, cut.characters).replace(/[\uD800-\uDBFF]$/, "")}…`;
  }
  if (Array.isArray(value)) {
    if (value.length > cut.entries) truncated.push(path);
    return value.slice(0, cut.entries).map((entry: unknown, index) => shorten(entry, cut, `${path}.${index}`, truncated));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner, cut, `${path}.${name}`, truncated)]));
}
