import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";
import type { PluginFacts } from "../../events";
import type { Place, Reading } from "../../plugin";

const words = (max: number) => z.string().trim().min(1).transform((value) => value.slice(0, max));
const webAddress = z.url({ protocol: /^https?$/ }).max(2000);
const person = z.union([
  words(200).transform((name) => ({ id: name, name })),
  z.object({ id: words(200), name: words(200) }),
  z.object({ name: words(200) }).transform(({ name }) => ({ id: name, name })),
]);

/** Only `type` must be there; whatever else is not what it should be counts as absent. */
const message = z.object({
  type: words(200),
  title: words(300).nullable().catch(null),
  text: words(2000).nullable().catch(null),
  url: webAddress.nullable().catch(null),
  actor: person.nullable().catch(null),
  /** What it is about: messages of one entity keep their order. */
  entity: words(200).nullable().catch(null),
  /** Of years that PostgreSQL can say as well. */
  timestamp: instantInput.nullable().catch(null),
});

/** `{ type, title?, text?, url?, actor?, entity?, timestamp? }`. */
export function read(body: Buffer, { connectionId, receivedAt }: Place): Reading {
  const { success, data } = message.safeParse(json(body));
  if (!success) return { unreadable: "It is no JSON object with a `type`." };
  const { type, title, text, url, actor, entity, timestamp } = data;
  const facts: PluginFacts = {
    event: "generic.received",
    sourceEvent: type,
    actor,
    entity: `generic:${entity ?? connectionId}`,
    title: title ?? type,
    text,
    url,
    project: null,
    issue: null,
    changes: [],
    comment: null,
    mentions: [],
    occurredAt: timestamp ? new Date(timestamp).toISOString() : receivedAt.toISOString(),
  };
  return { facts, changeKey: null };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
