import { z } from "zod";
import { preferenceChannels } from "../inputs";
import { variableValues } from "../custom-templates/inputs";

export const audienceLimits = { members: 1000, workspaces: 100, emails: 500 } as const;

const id = z.string("wrong-type").min(1, "required").max(64, "invalid");
const listOf = <Item extends z.ZodType>(item: Item, max: number) => z.array(item, "wrong-type").max(max, "too-many").default([]);

/** What is named adds up; whoever is named twice is told once. */
export const audienceInput = z
  .strictObject({
    everyone: z.boolean("wrong-type").default(false).meta({ description: "Every member of the organization" }),
    roles: listOf(z.enum(["owner", "admin", "member"], "not-an-option"), 3),
    workspaces: listOf(id, audienceLimits.workspaces).meta({ description: "Ids of workspaces: their members" }),
    members: listOf(id, audienceLimits.members).meta({ description: "Ids of members" }),
    emails: listOf(z.email("email").max(254, "too-long").toLowerCase(), audienceLimits.emails).meta({ description: "Addresses, also of people without an account" }),
  })
  .refine(
    ({ everyone, roles, workspaces, members, emails }) => everyone || roles.length + workspaces.length + members.length + emails.length > 0,
    "audience-empty",
  );

export const publishInput = z.strictObject({
  template: z.string("wrong-type").trim().min(1, "required").max(64, "too-long").meta({ description: "Id or key of a template" }),
  audience: audienceInput,
  variables: variableValues.default({}),
  channels: z.array(z.enum(preferenceChannels, "not-an-option"), "wrong-type").min(1, "channels").max(preferenceChannels.length, "too-many").default([...preferenceChannels]),
  /** At once when absent. */
  sendAt: z.iso.datetime({ offset: true, error: "instant" }).optional(),
});
export type CheckedPublish = z.output<typeof publishInput>;

/** What makes a press that is repeated the same one; empty from a form without it. */
export const requestKey = z.string("wrong-type").max(200, "too-long");

export const publicationId = z.strictObject({ publicationId: id });
