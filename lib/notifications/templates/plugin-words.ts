import { foldedOf, isAssignment, fieldOf, pluginFactsOf, type Change, type Folded, type Happening, type PluginFacts, type PluginType } from "../plugin-events/rules";
import type { Matter } from "./matter";
import type { Reader } from "./reader";

/** The words that inbox lines, mails, pushes and digests share for what happens at linked services. */
type Words = Pick<Reader, "lines">;

export function happeningOf({ payload, occurredAt }: Pick<Matter, "payload" | "occurredAt">, type: PluginType): Happening {
  return { type, facts: pluginFactsOf(payload), occurredAt };
}

/** One event: who did what to what. */
export function pluginLine(type: PluginType, facts: PluginFacts, { lines }: Words): string {
  const actor = facts.actor?.name || lines("jira.somebody");
  const personally = facts.personally ?? "other";
  const { title } = facts;
  switch (type) {
    case "jira.issue.created":
      return lines("jira.issue.created.line", { actor, title, personally });
    case "jira.comment.created":
      return lines("jira.comment.created.line", { actor, title, personally });
    case "jira.issue.updated":
      return lines("jira.issue.updated.line", { actor, title, personally, ...gistOf(facts.changes) });
    case "jira.issue.deleted":
      return lines("jira.issue.deleted.line", { actor, title });
    case "plugin.event":
      return lines("plugin.event.line", { place: facts.connection?.name ?? "", title });
  }
}

/** Which change names an update: its status, else its assignee. */
function gistOf(changes: Change[]): { change: string; to: string } {
  const status = changes.find(({ field, to }) => fieldOf(field) === "status" && to !== null);
  if (status) return { change: "status", to: status.to ?? "" };
  const assignee = changes.find(isAssignment);
  if (assignee && (assignee.to ?? assignee.from)) return assignee.to ? { change: "assignee", to: assignee.to } : { change: "unassigned", to: "" };
  return { change: "other", to: "" };
}

/** Several events of one thread in one sentence, newest first: "12 changes to MOIM-12 Fix the door by Ada". */
export function pluginLineOfMany(newestFirst: Happening[], words: Words): string {
  const [newest] = newestFirst;
  if (!newest) return "";
  const { lines } = words;
  const { title, connection } = newest.facts;
  const counted = countedOf(newestFirst, words);
  if (!counted) return pluginLine(newest.type, newest.facts, words);
  if (newest.type === "plugin.event") return lines("plugin.event.many", { count: counted.count, place: connection?.name ?? "", title });
  return lines(counted.comments ? "jira.comments" : "jira.many", { count: counted.count, title, people: counted.people });
}

/** The same where the thing itself stands above: "12 changes by Ada". */
export function pluginCount(newestFirst: Happening[], words: Words): string {
  const counted = newestFirst[0]?.type === "plugin.event" ? null : countedOf(newestFirst, words);
  return counted ? words.lines(counted.comments ? "jira.commentsBrief" : "jira.manyBrief", { count: counted.count, people: counted.people }) : pluginLineOfMany(newestFirst, words);
}

/** Null when there is nothing to count: what is deleted makes everything before it idle. */
function countedOf(newestFirst: Happening[], words: Words): { count: number; comments: boolean; people: string } | null {
  const folded = foldedOf(newestFirst);
  if (folded.count === 1 || folded.deleted) return null;
  return { count: folded.count, comments: folded.comments === folded.count && folded.changes.length === 0, people: peopleOf(folded, words) };
}

function peopleOf({ people: [first, second, ...others] }: Folded, { lines }: Words): string {
  if (first === undefined) return lines("jira.somebody");
  if (second === undefined) return lines("jira.people.one", { first });
  return others.length === 0 ? lines("jira.people.two", { first, second }) : lines("jira.people.many", { count: others.length + 2 });
}

const partsShown = 4;

/** What came of them, the important first: "status: To Do → Done · assigned to you · 2 comments". Null when the line says it all. */
export function pluginDetail(newestFirst: Happening[], words: Words, max = partsShown): string | null {
  const folded = foldedOf(newestFirst);
  const parts = partsOf(folded, words);
  const shown = parts.slice(0, max);
  if (parts.length > shown.length) shown.push(words.lines("jira.act.more", { count: parts.length - shown.length }));
  return shown.length > 0 ? shown.join(" · ") : null;
}

function partsOf({ count, created, deleted, comments, assigned, mentioned, meant, changes }: Folded, words: Words): string[] {
  const { lines } = words;
  const assignment = changes.find(isAssignment);
  const [status, ...rest] = changes[0] && fieldOf(changes[0].field) === "status" ? [changes[0], ...changes.slice(1)] : [undefined, ...changes];
  const several = count > 1;
  return [
    ...(created && several ? [lines("jira.act.created")] : []),
    ...(deleted && several ? [lines("jira.act.deleted")] : []),
    ...(status ? [changeWords(status, words)] : []),
    ...(assigned && several ? [lines("jira.act.assigned")] : assignment && !assigned ? [changeWords(assignment, words)] : []),
    ...(mentioned && several ? [lines("jira.act.mentioned")] : []),
    ...(meant && several ? [lines("jira.act.meant")] : []),
    ...(comments > 0 && several && comments < count ? [lines("jira.act.comments", { count: comments })] : []),
    ...rest.filter((change) => !isAssignment(change)).map((change) => changeWords(change, words)),
  ];
}

export const fieldWords = (field: string, { lines }: Words) => lines("jira.field", { name: fieldOf(field) || "other", raw: field });

function changeWords({ field, from, to }: Change, words: Words): string {
  const { lines } = words;
  const name = fieldWords(field, words);
  if (from !== null && to !== null) return lines("jira.act.change", { field: name, from, to });
  if (to !== null) return lines("jira.act.set", { field: name, to });
  return from !== null ? lines("jira.act.unset", { field: name, from }) : lines("jira.act.changed", { field: name });
}

/** Why the reader hears of it: by the names that its subscriptions were given. */
export function pluginWhy({ subscriptions, personally }: PluginFacts, { lines }: Words): string {
  if (personally) return lines("why.personally");
  const names = [...new Set(subscriptions.map(({ name }) => name).filter(Boolean))].join(", ");
  return names ? lines("why.subscriptions", { names }) : lines("why.subscribed");
}

/** What one event did, for a list of several: "status: To Do → Done", "created", "a comment". */
export function pluginDone({ type, facts }: Happening, words: Words): string {
  const { lines } = words;
  if (type === "plugin.event") return facts.title;
  const done = [
    ...(type === "jira.issue.created" ? [lines("jira.act.created")] : []),
    ...(type === "jira.issue.deleted" ? [lines("jira.act.deleted")] : []),
    ...(type === "jira.comment.created" ? [lines("jira.act.commented")] : []),
    ...(facts.personally ? [lines(`jira.act.${facts.personally}`)] : []),
    ...facts.changes.filter((change) => !(facts.personally === "assigned" && isAssignment(change))).map((change) => changeWords(change, words)),
  ];
  return done.length > 0 ? done.join(" · ") : lines("jira.act.updated");
}

/** Who did it and what it did. */
export function pluginBrief(happening: Happening, words: Words): string {
  const actor = happening.facts.actor?.name || (happening.type === "plugin.event" ? (happening.facts.connection?.name ?? "") : words.lines("jira.somebody"));
  return actor ? words.lines("jira.brief", { actor, what: pluginDone(happening, words) }) : pluginDone(happening, words);
}
