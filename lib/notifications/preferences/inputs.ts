import { z } from "zod";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";
import { instantInput } from "@/lib/platform/instant-input";
import { categories, criticalCategories, offeredValues, preferenceChannels, preferenceValues, productDefaults } from "../inputs";

/** One choice. Null takes it back: what applies without it then counts again. */
export const cellInput = z
  .strictObject({
    category: z.enum(categories, "not-an-option"),
    channel: z.enum(preferenceChannels, "not-an-option"),
    value: z.enum(preferenceValues, "not-an-option").nullable(),
  })
  .superRefine(({ category, channel, value }, context) => {
    if (value === null) return;
    if (!offeredValues(category, channel).includes(value)) context.addIssue({ code: "custom", path: ["value"], message: "not-an-option" });
    // Said again as it stands, so that a grid can be sent back as it was read.
    else if (criticalCategories.includes(category) && value !== productDefaults[category][channel]) {
      context.addIssue({ code: "custom", path: ["value"], message: "critical-category" });
    }
  });
export type CellInput = z.output<typeof cellInput>;

export const cellsInput = z
  .array(cellInput, "wrong-type")
  .max(categories.length * preferenceChannels.length, "too-many")
  .superRefine((cells, context) => {
    const seen = new Set<string>();
    cells.forEach(({ category, channel }, index) => {
      const cell = `${category} ${channel}`;
      if (seen.has(cell)) context.addIssue({ code: "custom", path: [index], message: "twice" });
      seen.add(cell);
    });
  });

const wallClock = z
  .string("wrong-type")
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "wall-clock")
  .meta({ description: "Local wall-clock time", examples: ["22:00"] });

const quietWindow = z
  .strictObject({ start: wallClock, end: wallClock.meta({ description: "At or before `start` it is on the next day", examples: ["07:00"] }) })
  .refine(({ start, end }) => start !== end, { path: ["end"], message: "equal-ends" });

const day = quietWindow.nullish().transform((window) => window ?? undefined);

/** By ISO weekday on which a window starts; null and a missing day are none. */
export const quietHoursInput = z
  .strictObject({ "1": day, "2": day, "3": day, "4": day, "5": day, "6": day, "7": day }, "wrong-type")
  .meta({ description: "By ISO weekday (1 is Monday) on which a window starts" });

/** When somebody may be interrupted. Fields that are not sent stay as they are. */
export const scheduleInput = z.strictObject({
  timeZone: timeZoneInput.meta({ description: "Your time zone; it is part of your profile and holds everywhere" }).optional(),
  muted: z.boolean("wrong-type").meta({ description: "No mail and no push until you switch it off" }).optional(),
  mutedUntil: instantInput.nullable().meta({ description: "Mail and push are held until then; null ends it" }).optional(),
  quietHours: quietHoursInput.nullable().optional(),
  digestTime: wallClock.optional(),
  digestWeekday: z.int("wrong-type").min(1, "not-an-option").max(7, "not-an-option").meta({ description: "ISO weekday of weekly digests (1 is Monday)" }).optional(),
  pushDetails: z.boolean("wrong-type").meta({ description: "False keeps the words of a push off the lock screen" }).optional(),
});
export type ScheduleInput = z.input<typeof scheduleInput>;

/** `always` is until it is switched off; `off` ends any of them. */
export const muteChoices = ["hour", "tomorrow", "always", "off"] as const;
export type MuteChoice = (typeof muteChoices)[number];
export const muteInput = z.strictObject({ for: z.enum(muteChoices, "not-an-option") });

const workspaceId = z.string("wrong-type").min(1, "required").max(64, "invalid");

/** A form's change of one cell; `workspaceId` absent means everywhere. */
export const preferenceFormInput = z.strictObject({ workspaceId: workspaceId.optional(), cells: cellsInput });

export const muteThreadInput = z.strictObject({
  // A linked service names its own things, at whatever length.
  thread: z.string("wrong-type").min(1, "required").max(500, "too-long"),
  muted: z.enum(["true", "false"], "not-an-option").transform((value) => value === "true"),
});

/** What `GET` and `PUT /api/preferences` are asked about. */
export const preferencesQuery = z.strictObject({
  workspace: workspaceId.meta({ description: "Id of a workspace you are in: its own choices instead of those for all workspaces" }).optional(),
});

export const putPreferencesInput = z.strictObject({
  cells: cellsInput.optional(),
  schedule: scheduleInput.optional(),
});
