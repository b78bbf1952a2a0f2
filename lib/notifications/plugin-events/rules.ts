import { z } from "zod";

/** What the catalog kept of a linked service's event (`mappings.ts`). A fact that is missing is absent; nothing is refused. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const text = z.string().catch("");
const change = z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() });
const pluginFacts = z.object({
  actor: maybe(z.object({ memberId: z.string().nullable(), name: z.string() })),
  connection: maybe(z.object({ id: z.string(), name: z.string() })),
  title: text,
  url: maybe(z.string()),
  changes: z.array(change).catch([]),
  comment: maybe(z.string()),
  personally: maybe(z.enum(["assigned", "mentioned", "meant"])),
  subscriptions: z.array(z.object({ name: z.string() })).catch([]),
});
export type PluginFacts = z.output<typeof pluginFacts>;
export type Change = z.output<typeof change>;

export const pluginFactsOf = (payload: Record<string, unknown>): PluginFacts => pluginFacts.parse(payload);

export const pluginTypes = ["jira.issue.created", "jira.issue.updated", "jira.issue.deleted", "jira.comment.created", "plugin.event"] as const;
export type PluginType = (typeof pluginTypes)[number];
export const isPluginType = (type: string): type is PluginType => pluginTypes.some((known) => known === type);

/** One event of a thread, as far as folding needs it. */
export interface Happening {
  type: PluginType;
  facts: PluginFacts;
  occurredAt: Date;
}

/** Neighbours further apart than this are two stories. */
const windowMs = 60 * 60 * 1000;

/** The newest row, and those before it as long as no two neighbours lie further apart than an hour. `newestFirst` is in that order. */
export function together<Row extends { occurredAt: Date }>(newestFirst: Row[]): Row[] {
  const end = newestFirst.findIndex((row, index) => {
    const later = newestFirst[index - 1];
    return later !== undefined && Math.abs(later.occurredAt.getTime() - row.occurredAt.getTime()) > windowMs;
  });
  return end === -1 ? newestFirst : newestFirst.slice(0, end);
}

/** What several events of one thread come to. */
export interface Folded {
  count: number;
  /** Names of who did it, the latest first, each once. Whoever has none is counted but not named. */
  people: string[];
  created: boolean;
  deleted: boolean;
  comments: number;
  /** The newest that was addressed to the reader, by kind. */
  assigned: boolean;
  mentioned: boolean;
  meant: boolean;
  /** From how it was before all of them to how it is after all of them; the most important first. What came back to where it was is left out. */
  changes: Change[];
}

export function foldedOf(newestFirst: Happening[]): Folded {
  const oldestFirst = newestFirst.toReversed();
  const personally = new Set(newestFirst.map(({ facts }) => facts.personally));
  const lastAssigned = newestFirst.find(({ facts }) => facts.personally === "assigned" || facts.changes.some(isAssignment));
  return {
    count: newestFirst.length,
    people: peopleOf(newestFirst),
    created: newestFirst.some(({ type }) => type === "jira.issue.created"),
    deleted: newestFirst[0]?.type === "jira.issue.deleted",
    comments: newestFirst.filter(({ type, facts }) => type === "jira.comment.created" || facts.comment).length,
    // Who was assigned and is not any more must not read that they are.
    assigned: lastAssigned?.facts.personally === "assigned",
    mentioned: personally.has("mentioned"),
    meant: personally.has("meant"),
    changes: netChanges(oldestFirst.flatMap(({ facts }) => facts.changes)),
  };
}

export const isAssignment = ({ field }: Change) => fieldOf(field) === "assignee";

/** `Fix Version` and `fixVersion` are one field. */
export const fieldOf = (field: string) => field.toLowerCase().replace(/[^a-z]/g, "");

function peopleOf(newestFirst: Happening[]): string[] {
  const people = new Map<string, string>();
  for (const { facts } of newestFirst) {
    const name = facts.actor?.name;
    if (name) people.set(facts.actor?.memberId ?? name, people.get(facts.actor?.memberId ?? name) ?? name);
  }
  return [...people.values()];
}

const weights = new Map([
  ["status", 0],
  ["assignee", 1],
  ["priority", 3],
]);
const weightOf = (field: string) => weights.get(field) ?? 4;

function netChanges(oldestFirst: Change[]): Change[] {
  const byField = new Map<string, Change & { worded: boolean }>();
  for (const { field, from, to } of oldestFirst) {
    const name = fieldOf(field) || field;
    const known = byField.get(name);
    const worded = from !== null || to !== null;
    byField.set(name, { field, from: known ? known.from : from, to, worded: worded || (known?.worded ?? false) });
  }
  return [...byField]
    // A long text is kept without its words, so nothing shows whether it came back.
    .filter(([, { from, to, worded }]) => from !== to || !worded)
    .sort(([a], [b]) => weightOf(a) - weightOf(b))
    .map(([, { field, from, to }]) => ({ field, from, to }));
}
