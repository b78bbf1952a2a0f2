import { z } from "zod";
import { categories, offeredValues, preferenceChannels, preferenceValues } from "../inputs";
import type { PreferenceRow, Schedule } from "./queries";

const source = z.enum(["default", "organization", "mine", "workspace", "critical"]);
const wallClock = z.string().meta({ examples: ["08:00"] });
const quietWindow = z.strictObject({ start: wallClock, end: wallClock });

const cellResource = z.strictObject({
  category: z.enum(categories),
  channel: z.enum(preferenceChannels),
  value: z.enum(preferenceValues),
  source: source.meta({ description: "Where the value comes from; `critical` cannot be changed" }),
  /** What would apply if the choice were taken back. */
  inherited: z.strictObject({ value: z.enum(preferenceValues), source }),
  offered: z.array(z.enum(preferenceValues)),
});

/** What somebody chose, as the REST API shows it. `schedule` can be sent back as it is; of the cells send `category`, `channel` and `value`. */
export const preferencesResource = z.strictObject({
  workspace: z.string().nullable().meta({ description: "The workspace asked about; null for all workspaces" }),
  cells: z.array(cellResource),
  schedule: z.strictObject({
    timeZone: z.string(),
    muted: z.boolean(),
    mutedUntil: z.iso.datetime().nullable(),
    quietHours: z.partialRecord(z.enum(["1", "2", "3", "4", "5", "6", "7"]), quietWindow).meta({ description: "By ISO weekday (1 is Monday) on which a window starts" }),
    digestTime: wallClock,
    digestWeekday: z.int(),
    pushDetails: z.boolean(),
  }),
  quietUntil: z.iso.datetime().nullable().meta({ description: "End of the quiet hours under way" }),
  held: z.strictObject({ count: z.int(), until: z.iso.datetime().nullable() }).meta({ description: "Mails and pushes that wait for you, and when the next go" }),
});

export function preferencesResourceOf(workspace: string | null, rows: PreferenceRow[], schedule: Schedule): z.output<typeof preferencesResource> {
  const { muted, mutedUntil, quietUntil, held, ...rest } = schedule;
  return {
    workspace,
    cells: rows.flatMap(({ category, cells }) =>
      preferenceChannels.map((channel) => {
        const { choice, inherited } = cells[channel];
        return { category, channel, ...choice, inherited, offered: choice.source === "critical" ? [choice.value] : [...offeredValues(category, channel)] };
      }),
    ),
    schedule: { ...rest, muted: muted && mutedUntil === null, mutedUntil: mutedUntil?.toISOString() ?? null },
    quietUntil: quietUntil?.toISOString() ?? null,
    held: { count: held.count, until: held.until?.toISOString() ?? null },
  };
}
