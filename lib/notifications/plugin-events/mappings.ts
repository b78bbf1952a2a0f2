import type { z } from "zod";
import { plainLine, plainText, shortened } from "@/lib/platform/plain-text";
import { isWebAddress } from "@/lib/platform/web-address";
import type { accountUnlinked, connectionBroken, PluginEventTold, subscriptionPaused } from "@/lib/integrations/events";

/** What is kept of a linked service's event: enough for a line, a mail and a push, never a whole description. All of it is a stranger's text. */
const lengths = { name: 80, title: 200, value: 120, quote: 280, detail: 300, field: 60, url: 1000, payload: 1500 } as const;
const changesKept = 12;
const subscriptionsKept = 5;

const line = (text: string, max: number) => shortened(plainLine(text), max);

/** A value that is too long for a line is left out with the one before it: half a description says nothing. */
function changeOf({ field, from, to }: PluginEventTold["facts"]["changes"][number]) {
  const [before, after] = [from, to].map((value) => plainLine(value ?? "") || null);
  const isLong = [before, after].some((value) => (value?.length ?? 0) > lengths.value);
  return { field: line(field, lengths.field), from: isLong ? null : (before ?? null), to: isLong ? null : (after ?? null) };
}

export function keptOf(told: PluginEventTold): Record<string, unknown> {
  const { actor, connection, facts, subscriptions } = told;
  return {
    actor: { memberId: actor.memberId, name: line(actor.name, lengths.name) },
    connection: connectionOf(connection),
    event: line(facts.event, lengths.name),
    title: line(facts.title, lengths.title),
    url: addressOf(facts.url),
    changes: facts.changes.slice(0, changesKept).map(changeOf),
    comment: facts.comment ? shortened(plainText(facts.comment.text), lengths.quote) : null,
    personally: told.personal ? personallyIn(told) : null,
    subscriptions: subscriptions.slice(0, subscriptionsKept).map(({ id, name }) => ({ id, name: line(name, lengths.name) })),
  };
}

const connectionOf = ({ id, plugin, name }: PluginEventTold["connection"]) => ({ id, plugin, name: line(name, lengths.name) });

/** Nothing but a web address may become a link. */
const addressOf = (url: string | null) => (url !== null && url.length <= lengths.url && isWebAddress(url) ? url : null);

/** Somebody may be assigned and somebody else mentioned by the same change; then the words hold for both. */
function personallyIn({ facts }: PluginEventTold): "assigned" | "mentioned" | "meant" {
  const assigns = facts.changes.some(({ field, toId, to }) => field === "assignee" && (toId ?? to) !== null) || (facts.event === "jira.issue.created" && Boolean(facts.issue?.assignee));
  const mentions = facts.mentions.length > 0;
  return assigns === mentions ? "meant" : assigns ? "assigned" : "mentioned";
}

/** All that happens to one thing over there is one line of the inbox. */
export const threadOf = ({ connection, facts }: PluginEventTold) => `${connection.id}:${facts.entity}`;

/** As Jira writes keys; whatever else stood there could lead anywhere. */
const issueKey = /^[A-Z][A-Z0-9_]{0,99}-\d{1,12}$/;

/** The page of an issue here is named by its subject; what has no page is named by its thread. */
export const subjectOf = (told: PluginEventTold) => {
  const key = told.facts.issue?.key ?? "";
  return issueKey.test(key) ? `${told.connection.id}/${key}` : threadOf(told);
};

export const brokenOf = ({ connection, cause, detail, since }: z.output<typeof connectionBroken.schema>): Record<string, unknown> => ({
  connection: connectionOf(connection),
  cause,
  detail: line(detail, lengths.detail),
  since,
});

export const unlinkedOf = ({ plugin, accountName, detail }: z.output<typeof accountUnlinked.schema>): Record<string, unknown> => ({
  plugin,
  accountName: line(accountName, lengths.name),
  detail: line(detail, lengths.detail),
});

export const pausedOf = ({ endpoint, reason, detail, event, payload, waiting }: z.output<typeof subscriptionPaused.schema>): Record<string, unknown> => ({
  endpoint: { id: endpoint.id, name: line(endpoint.name, lengths.name), url: line(endpoint.url, lengths.url) },
  cause: reason,
  detail: line(detail, lengths.detail),
  event: line(event, lengths.name),
  payload: shortened(plainText(payload), lengths.payload),
  waiting,
});
