import { z } from "zod";
import { locales } from "@/lib/platform/i18n/locales";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";

/** What may come in. Usable in the browser; messages are codes of `messages/<locale>/faults.json`. */
export const roles = ["owner", "admin", "member"] as const;
export type Role = (typeof roles)[number];

export const nameField = z.string("wrong-type").trim().min(1, "required").max(80, "too-long");

export const createOrganizationInput = z.strictObject({
  name: nameField,
  workspaceName: nameField.optional(),
  /** The founder's own name, asked once because e-mail sign-in does not tell it. */
  founderName: nameField.optional(),
  locale: z.enum(locales, "not-an-option").optional(),
  timeZone: timeZoneInput.optional(),
});
export type CreateOrganizationInput = z.input<typeof createOrganizationInput>;

export const organizationSettingsInput = z.strictObject({
  name: nameField,
  locale: z.enum(locales, "not-an-option"),
  timeZone: timeZoneInput,
});
export type OrganizationSettingsInput = z.output<typeof organizationSettingsInput>;

export const createWorkspaceInput = z.strictObject({ name: nameField });
export const renameWorkspaceInput = z.strictObject({ workspaceId: z.string("wrong-type").max(64, "invalid"), name: nameField });

const memberId = z.string("wrong-type").max(64, "unknown-member");
export const changeRoleInput = z.strictObject({ memberId, role: z.enum(roles, "not-an-option") });
export const removeMemberInput = z.strictObject({ memberId });
