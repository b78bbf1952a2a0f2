import type { PluginFacts } from "../events";
import type { EventFilter } from "./inputs";

/** The owner's own account, and nobody, among a filter's assignees. */
export const ownAccount = "me";
export const nobody = "none";

/**
 * Whether somebody who asked for `events` under `filter` means this event. `events` are the product's names, all of them when empty.
 * @param ownerAccountId the account that `me` stands for; null when its owner has none, and then `me` is nobody.
 */
export function matches(filter: EventFilter, events: readonly string[], facts: PluginFacts, ownerAccountId: string | null): boolean {
  const issue = facts.issue;
  return (
    wantsEvent(events, facts.event) &&
    oneOf(filter.projects, placesOf(facts)) &&
    oneOf(filter.issueTypes, [issue?.type]) &&
    oneOf(filter.statuses, [issue?.status]) &&
    assignedTo(filter.assignees, facts, ownerAccountId) &&
    oneOf(filter.labels, issue?.labels ?? []) &&
    says(filter.text, facts)
  );
}

export const wantsEvent = (events: readonly string[], event: string) => events.length === 0 || events.includes(event);

/** People type as they like; Jira's names keep their spelling. */
const folded = (text: string) => text.normalize("NFKC").toLowerCase();

function oneOf(wanted: string[], there: (string | null | undefined)[]): boolean {
  if (wanted.length === 0) return true;
  const names = new Set(there.flatMap((name) => (name ? [folded(name)] : [])));
  return wanted.some((name) => names.has(folded(name)));
}

function placesOf({ project, issue }: PluginFacts): string[] {
  return [project, issue?.project ?? null].flatMap((place) => (place ? [place.key, place.id] : []));
}

/** Account ids are opaque: they are compared as they are. */
function assignedTo(wanted: string[], { issue }: PluginFacts, ownerAccountId: string | null): boolean {
  if (wanted.length === 0) return true;
  if (!issue) return false;
  const accountId = issue.assignee?.id ?? null;
  if (accountId === null) return wanted.includes(nobody);
  return wanted.includes(accountId) || (wanted.includes(ownAccount) && accountId === ownerAccountId);
}

function says(text: string, { title, issue, comment }: PluginFacts): boolean {
  if (text === "") return true;
  const sought = folded(text);
  return [issue?.key, issue?.summary, comment?.text, issue ? null : title].some((part) => Boolean(part) && folded(part ?? "").includes(sought));
}
