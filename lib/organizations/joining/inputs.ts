import { z } from "zod";
import { nameField, timeZoneField } from "../inputs";

export const acceptInvitationInput = z.strictObject({
  token: z.string("wrong-type").max(1000, "invalid"),
  /** Asked of people whose name is not known yet. */
  name: nameField.optional(),
  timeZone: timeZoneField.optional(),
});
