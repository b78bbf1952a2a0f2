import type { PluginEventTold, PluginFacts } from "../../events";
import type { Target } from "../choices/inputs";

/** A wish that an event fulfils, with whom it names. */
export interface Wish {
  id: string;
  name: string;
  target: Target;
  /** Who is meant: the owner, the named people, or those who are in the workspace now. None of them was removed. */
  memberIds: string[];
  /** Somebody who looks after the organization wrote it for others. */
  byManager: boolean;
}

/** Nobody is told what they did themselves. A comment is its author's deed, whoever's name the webhook carries. */
export function authorsOf({ actor, comment, event }: PluginFacts): string[] {
  const wrote = event.startsWith("jira.comment.") ? [comment?.author?.id] : [];
  return [...new Set([actor?.id, ...wrote].filter((id) => id !== undefined))];
}

/** Who is meant, each once, less the authors. */
export function meant(wishes: Wish[], authorIds: ReadonlySet<string>): string[] {
  return [...new Set(wishes.flatMap(({ memberIds }) => memberIds))].filter((memberId) => !authorIds.has(memberId)).sort();
}

/**
 * What has to be seen to hear of an event. A comment that only some of its issue's readers may read is asked for itself, and an open
 * project does not open it. Null: nothing over there says who may (`mayHearUnplaced`).
 */
export function sightNeeded({ entity, issue, project, comment, event }: PluginFacts): { entity: string; projectId: string | null; gone: boolean } | null {
  if (issue && comment?.restricted) return { entity: `comment:${issue.id}/${comment.id}`, projectId: null, gone: event === "jira.comment.deleted" };
  if (issue) return { entity: `issue:${issue.id}`, projectId: issue.project.id, gone: event === "jira.issue.deleted" };
  // A comment of which the issue is not known.
  if (comment) return { entity, projectId: null, gone: true };
  if (entity.startsWith("issue:")) return { entity, projectId: project?.id ?? null, gone: false };
  return project ? { entity: `project:${project.id}`, projectId: project.id, gone: false } : null;
}

/**
 * Sprints, boards, users and whatever comes from a place without accounts belong to no project that could be asked about. They go to
 * whoever may read the whole log anyway, and to whom one of those named: that is an admin's decision, an own wish is not.
 */
export function mayHearUnplaced(wishes: Wish[], managers: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(wishes.flatMap(({ memberIds, byManager }) => (byManager ? memberIds : memberIds.filter((memberId) => managers.has(memberId)))));
}

/** Addressed to in person: mentioned by it, or newly assigned by it. */
export function concerned({ mentions, changes, issue, event }: PluginFacts, accountId: string | null): boolean {
  if (accountId === null) return false;
  const assigned = event === "jira.issue.created" ? issue?.assignee?.id : changes.find(({ field }) => field === "assignee")?.toId;
  return mentions.includes(accountId) || assigned === accountId;
}

export interface Reader {
  memberId: string;
  personal: boolean;
}

/** Members of one event: an event is a message, and messages have a size. */
const readersMax = 2_000;

/** One event for those that it concerns in person and one for the others, so that each is told once. */
export function announcements(readers: Reader[], wishes: Wish[]): Pick<PluginEventTold, "memberIds" | "personal" | "subscriptions">[] {
  return [true, false].flatMap((personal) => {
    const everybody = readers.filter((reader) => reader.personal === personal).map(({ memberId }) => memberId);
    const parts = Array.from({ length: Math.ceil(everybody.length / readersMax) }, (_, part) => everybody.slice(part * readersMax, (part + 1) * readersMax));
    return parts.map((memberIds) => ({ memberIds, ...(personal && { personal }), subscriptions: reasonsFor(memberIds, wishes) }));
  });
}

const reasonsMax = 10;

/**
 * All readers of an event read the same, so it names the wishes of all of them: neither what somebody asked for by themselves nor what was
 * arranged for others is a reader's business.
 */
function reasonsFor(memberIds: string[], wishes: Wish[]): { id: string; name: string }[] {
  return wishes
    .filter((wish) => {
      const meantByIt = new Set(wish.memberIds);
      return memberIds.every((id) => meantByIt.has(id));
    })
    .slice(0, reasonsMax)
    .map(({ id, name }) => ({ id, name }));
}

const textMax = 2_000;
const changeMax = 500;
const changesMax = 30;

/** As much of an event as a message needs: an issue's description can be megabytes, and its changes hundreds. */
export function forReading(facts: PluginFacts): PluginFacts {
  const { title, text, comment, changes } = facts;
  return {
    ...facts,
    title: cut(title, changeMax),
    text: text === null ? null : cut(text, textMax),
    comment: comment && { ...comment, text: cut(comment.text, textMax) },
    changes: changes.slice(0, changesMax).map((change) => ({ ...change, from: change.from === null ? null : cut(change.from, changeMax), to: change.to === null ? null : cut(change.to, changeMax) })),
  };
}

/** Never between the halves of a surrogate pair: PostgreSQL refuses what that leaves. */
const cut = (text: string, max: number) => (text.length <= max ? text : `${text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "")}…`);
