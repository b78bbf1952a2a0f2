import { z } from "zod";
import type { NotificationType } from "../catalog";

/** One notification as pushes, inbox lines and digests speak of it: its type and what the catalog kept of the event. */
export interface Matter {
  type: NotificationType;
  payload: Record<string, unknown>;
  occurredAt: Date;
  /** What a bundle gathers, newest first. */
  gathered?: Matter[];
}

/** A fact that is missing or of another shape is absent: words are made of what there is, and nothing is refused. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const text = z.string().catch("");
const instant = z.iso.datetime();

const facts = z.object({
  actor: maybe(z.object({ memberId: z.string().nullable(), name: z.string() })),
  meeting: maybe(z.object({ id: z.string(), title: z.string(), startsAt: instant, endsAt: instant, location: text })),
  before: maybe(z.object({ startsAt: instant })),
  changes: maybe(z.array(z.string())),
  partstat: maybe(z.string()),
  comment: z.string().nullish().catch(null),
  reason: z.string().nullish().catch(null),
  organization: maybe(z.object({ name: z.string() })),
  member: maybe(z.object({ id: z.string(), name: z.string() })),
  device: maybe(z.object({ id: z.string(), name: z.string() })),
  address: maybe(z.string()),
  connection: maybe(z.object({ id: z.string(), name: z.string() })),
  accountName: maybe(z.string()),
  endpoint: maybe(z.object({ id: z.string(), name: z.string(), url: z.string() })),
  cause: maybe(z.string()),
  waiting: maybe(z.number()),
  publication: maybe(
    z.object({
      id: z.string(),
      line: z.record(z.string(), z.string()).catch({}),
      push: z.record(z.string(), z.object({ title: z.string(), body: z.string() })).catch({}),
    }),
  ),
});
export type Facts = z.output<typeof facts>;

export const factsOf = ({ payload }: Pick<Matter, "payload">): Facts => facts.parse(payload);
