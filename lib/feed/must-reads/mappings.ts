import { z } from "zod";
import type { ReadersPage } from "./queries";

const instant = z.iso.datetime();

/** Who has said that they read an article, or who has not. */
export const readersResource = z.strictObject({
  dueAt: instant.nullable(),
  remindedAt: instant.nullable().meta({ description: "When somebody last reminded those who have not" }),
  done: z.int(),
  waiting: z.int(),
  readers: z.array(
    z.strictObject({
      memberId: z.string(),
      name: z.string(),
      acknowledged: z.strictObject({ version: z.int(), at: instant }).nullable(),
      gone: z.boolean().meta({ description: "Not a member any longer" }),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const readersResourceOf = (page: ReadersPage): z.output<typeof readersResource> => ({
  dueAt: page.dueAt?.toISOString() ?? null,
  remindedAt: page.remindedAt?.toISOString() ?? null,
  done: page.done,
  waiting: page.waiting,
  readers: page.readers.map(({ acknowledged, ...reader }) => ({ ...reader, acknowledged: acknowledged && { version: acknowledged.version, at: acknowledged.at.toISOString() } })),
  nextCursor: page.nextCursor,
});
