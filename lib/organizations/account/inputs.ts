import { z } from "zod";
import { locales } from "@/lib/platform/i18n/locales";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";
import { nameField } from "../inputs";

export const hourCycles = ["auto", "h12", "h23"] as const;
export const weekStarts = ["auto", "monday", "sunday", "saturday"] as const;

export const profileInput = z.strictObject({
  name: nameField,
  locale: z.enum(locales, "not-an-option"),
  timeZone: timeZoneInput,
  hourCycle: z.enum(hourCycles, "not-an-option"),
  weekStart: z.enum(weekStarts, "not-an-option"),
});
export type ProfileInput = z.input<typeof profileInput>;

export const sessionIdInput = z.strictObject({ sessionId: z.string("wrong-type").max(64, "invalid") });
