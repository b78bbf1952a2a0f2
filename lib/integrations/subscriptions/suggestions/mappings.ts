import { z } from "zod";

/** What the fields of a filter offer, as the REST API shows it. */
export const suggestionsResource = z.strictObject({
  projects: z.array(z.strictObject({ id: z.string(), key: z.string(), name: z.string() })),
  issueTypes: z.array(z.string()),
  statuses: z.array(z.string()),
  labels: z.array(z.string()),
  assignees: z.array(z.strictObject({ id: z.string(), name: z.string() })).meta({ description: "Colleagues who linked their account" }),
});
