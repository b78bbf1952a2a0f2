import { z } from "zod";
import { roles } from "../inputs";

export const addressesMax = 100;

export const inviteMembersInput = z.strictObject({
  addresses: z.string("wrong-type").trim().min(1, "required").max(20_000, "too-long"),
  role: z.enum(roles, "not-an-option").default("member"),
  workspaceId: z.string("wrong-type").max(64, "not-an-option").optional(),
});
export type InviteMembersInput = z.input<typeof inviteMembersInput>;

export const invitationIdInput = z.strictObject({ invitationId: z.string("wrong-type").max(64, "invalid") });
