import { z } from "zod";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";
import { nameField } from "../inputs";

export const acceptInvitationInput = z.strictObject({
  token: z.string("wrong-type").max(1000, "invalid"),
  /** Asked of people whose name is not known yet. */
  name: nameField.optional(),
  timeZone: timeZoneInput.optional(),
});
