import { z } from "zod";

/** Who is told: the owner, named people, everybody in a workspace, or a program over HTTP. */
export const targets = ["me", "people", "workspace", "endpoint"] as const;
export type Target = (typeof targets)[number];

const names = z.array(z.string("wrong-type").trim().min(1, "required").max(200, "too-long"), "wrong-type").max(50, "too-many").default([]);

/**
 * What an event must have to be told. An empty list says nothing about its field; all that say something must agree. Compared without
 * case: project keys, names of issue types and statuses, labels. `text` must stand in the key, the summary or the comment.
 */
export const eventFilterInput = z.strictObject({
  projects: names,
  issueTypes: names,
  statuses: names,
  /** Account ids over there; `me` is the owner's own account, `none` is nobody. */
  assignees: names,
  labels: names,
  text: z.string("wrong-type").trim().max(200, "too-long").default(""),
});
export type EventFilter = z.output<typeof eventFilterInput>;
