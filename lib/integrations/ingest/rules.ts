import { createHash } from "node:crypto";
import { instantInput } from "@/lib/platform/instant-input";
import type { InboundRequest, Objection, Plugin, Reading, Verdict } from "../plugin";
import { pluginFacts, type PluginFacts } from "../events";

/** What is kept of an unproven webhook's proof: nothing. */
const secretHeader = /authorization|cookie|signature|secret|token|password|api-?key|credential/;
const headersMax = 60;
const headerMax = 1_000;

export const keptHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !secretHeader.test(name))
      .slice(0, headersMax)
      .map(([name, value]) => [storableText(name), storableText(value.slice(0, headerMax))]),
  );

/** Whether a webhook that carries no proof is taken. One whose proof is wrong never is: it says that something is set up wrongly. */
export function judged(verdict: Verdict, { allowsUnsigned, kind }: { allowsUnsigned: boolean; kind: "manual" | "dynamic" }) {
  if ("proof" in verdict) return verdict;
  const isTaken = verdict.refused === "unsigned" && allowsUnsigned && kind === "manual";
  return isTaken ? { proof: "unsigned" as const } : verdict;
}

/** What whoever set it up has to do. */
export const advice: Record<Objection, string> = {
  unsigned: "It carries no signature. Enter the secret of this connection where the webhook is set up, or allow unsigned webhooks in its settings.",
  signature: "Its signature is not made with a secret of this connection. Copy the current secret from its settings.",
  expired: "Its proof is not of this time. Check the clock of the sender.",
  "wrong-kind": "It is not the kind of webhook that this connection takes now. Remove it, or change the kind in the settings of the connection.",
  "unknown-hook": "It comes from a webhook that this connection has not registered.",
};

/** Once per delivery: by the sender's own id of it, and without one by what it says. */
export const dedupeKeyOf = (plugin: Plugin, request: InboundRequest): string => {
  const id = plugin.deliveryId(request);
  return id === null ? `body:${createHash("sha256").update(request.body).digest("hex")}` : `id:${storableText(id)}`;
};

/** What was learned by asking has the key of its change. */
export const askedKeyOf = (changeKey: string) => `asked:${changeKey}`;

/**
 * A reading in the shape that everything behind relies on. A plugin that throws, or says what is no fact, has read what it cannot read:
 * one body must not stop those behind it.
 */
export function safely(read: () => Reading): Reading {
  try {
    const reading = read();
    if ("unreadable" in reading) return { unreadable: storableText(reading.unreadable).slice(0, 500) };
    const facts = keptFacts.safeParse(storable(reading.facts));
    if (facts.success) return { facts: facts.data, changeKey: reading.changeKey === null ? null : storableText(reading.changeKey).slice(0, 300) };
    return { unreadable: `What was read of it breaks the contract: ${facts.error.issues.map(({ path }) => path.join(".")).join(", ")}`.slice(0, 500) };
  } catch (error) {
    return { unreadable: storableText(`Reading it failed: ${error instanceof Error ? error.message : String(error)}`).slice(0, 500) };
  }
}

/** Times that PostgreSQL can say as well: one of the year 0 would be refused when it is written, and so would everything that waits with it. */
const keptFacts = pluginFacts.refine(({ occurredAt, issue }) => [occurredAt, issue?.updatedAt].every((at) => !at || instantInput.safeParse(at).success), { path: ["occurredAt"] });

/** PostgreSQL's JSON holds neither U+0000 nor half of a surrogate pair; both can stand in a body. */
export const storableText = (words: string): string => words.replace(/[\u0000\p{Cs}]/gu, "\uFFFD");

function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, storable(inner)]));
  return value;
}

const labelMax = 600;

/** What the log's search looks through. */
export const labelOf = ({ title, sourceEvent, actor, project, comment }: PluginFacts): string =>
  storableText([title, sourceEvent, actor?.name, project?.name, comment?.text.slice(0, 200)].filter(Boolean).join(" ").slice(0, labelMax));

/** Those that wait together are put in the order in which they happened over there; of the same instant, in that of their arrival. */
export const inOrder = <Item extends { id: string; occurredAt: string }>(items: Item[]): Item[] =>
  items.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.id < b.id ? -1 : 1));
