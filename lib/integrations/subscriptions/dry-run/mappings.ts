import { z } from "zod";
import type { DryRun } from "./rules";

/** What a dry run found, as the REST API shows it. */
export const dryRunResource = z.strictObject({
  from: z.iso.datetime().meta({ description: "Later than asked for when there was too much to go through" }),
  to: z.iso.datetime(),
  complete: z.boolean(),
  matched: z.int(),
  perDay: z.number(),
  examples: z.array(z.strictObject({ id: z.string(), at: z.iso.datetime(), event: z.string(), title: z.string(), url: z.string().nullable() })).meta({ description: "The last ones" }),
});

export const dryRunResourceOf = ({ from, to, complete, matched, perDay, examples }: DryRun): z.output<typeof dryRunResource> => ({
  from: from.toISOString(),
  to: to.toISOString(),
  complete,
  matched,
  perDay,
  examples: examples.map(({ at, ...example }) => ({ ...example, at: at.toISOString() })),
});
