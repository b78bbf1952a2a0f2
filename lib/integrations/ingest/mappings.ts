import { z } from "zod";
import { pluginFacts } from "../events";
import { inboundStateNames } from "./inputs";
import type { WebhookDetail, WebhookLine } from "./queries";
import { proofs } from "./tables";

const instant = z.iso.datetime();

/** An inbound webhook as the API lists it. */
export const webhookLine = z.strictObject({
  id: z.string(),
  connectionId: z.string(),
  proof: z.enum(proofs).meta({ description: "How it was known to be genuine; `asked` was learned by asking, not by a webhook" }),
  state: z.enum(inboundStateNames),
  reason: z.string().nullable().meta({ description: "Why it is unreadable; of a duplicate, the id of the one it repeats" }),
  event: z.string().nullable(),
  entity: z.string().nullable(),
  title: z.string().nullable(),
  actorName: z.string().nullable(),
  receivedAt: instant,
  occurredAt: instant.nullable().meta({ description: "When it happened over there" }),
  position: z.int().nullable().meta({ description: "Its place in the connection's order" }),
  dispatchedAt: instant.nullable(),
  toldAt: instant.nullable(),
  replays: z.int(),
  bodyBytes: z.int(),
  matches: z.int().meta({ description: "How many subscriptions it matched" }),
});

export const webhookResource = webhookLine.extend({
  connection: z.strictObject({ id: z.string(), plugin: z.string(), name: z.string() }),
  headers: z.record(z.string(), z.string()).meta({ description: "Without anything secret" }),
  body: z.strictObject({ text: z.string(), isJson: z.boolean(), bytes: z.int(), isCut: z.boolean() }).meta({ description: "As it can be shown; `/api/webhooks/{id}/body` has it byte for byte" }),
  facts: pluginFacts.nullable().meta({ description: "What it was read as" }),
  changeKey: z.string().nullable(),
  matched: z.array(z.strictObject({ id: z.string(), name: z.string(), target: z.string() })),
  deliveries: z.array(
    z.strictObject({
      id: z.string(),
      endpoint: z.strictObject({ id: z.string(), name: z.string(), url: z.string() }),
      generation: z.int(),
      sequence: z.int(),
      state: z.string(),
      reason: z.string().nullable(),
      nextAttemptAt: instant,
      settledAt: instant.nullable(),
      attempts: z.array(
        z.strictObject({
          number: z.int(),
          startedAt: instant,
          finishedAt: instant,
          succeeded: z.boolean(),
          statusCode: z.int().nullable(),
          fault: z.string().nullable(),
        }),
      ),
    }),
  ),
  told: z.array(z.strictObject({ memberId: z.string(), name: z.string(), at: instant })),
});

const iso = (date: Date | null) => date?.toISOString() ?? null;

export const webhookLineOf = (line: WebhookLine): z.output<typeof webhookLine> => ({
  id: line.id,
  connectionId: line.connectionId,
  proof: line.proof,
  state: line.state,
  reason: line.reason,
  event: line.event,
  entity: line.entity,
  title: line.title,
  actorName: line.actorName,
  receivedAt: line.receivedAt.toISOString(),
  occurredAt: iso(line.occurredAt),
  position: line.position,
  dispatchedAt: iso(line.dispatchedAt),
  toldAt: iso(line.toldAt),
  replays: line.replays,
  bodyBytes: line.bodyBytes,
  matches: line.matches,
});

export const webhookResourceOf = (webhook: WebhookDetail): z.output<typeof webhookResource> => ({
  ...webhookLineOf(webhook),
  connection: webhook.connection,
  headers: webhook.headers,
  body: webhook.body,
  facts: webhook.facts,
  changeKey: webhook.changeKey,
  matched: webhook.matched,
  deliveries: webhook.deliveries.map(({ id, endpoint, generation, sequence, state, reason, nextAttemptAt, settledAt, attempts }) => ({
    id,
    endpoint,
    generation,
    sequence,
    state,
    reason,
    nextAttemptAt: nextAttemptAt.toISOString(),
    settledAt: iso(settledAt),
    attempts: attempts.map(({ number, startedAt, finishedAt, succeeded, statusCode, fault }) => ({
      number,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      succeeded,
      statusCode,
      fault,
    })),
  })),
  told: webhook.told.map(({ memberId, name, at }) => ({ memberId, name, at: at.toISOString() })),
});
