import { refusedField } from "@/lib/platform/errors";
import { describeFault, parseInput } from "@/lib/platform/validation";
import { resolveTimes, wallClockInput } from "./calendar/inputs";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";
import type { AttendeeInput } from "./inputs";

/**
 * From the fields of a form to the input of a command. Fields: `title`, `date`, `start`, `end` or `duration`, `endDate`, `timeZone`,
 * `fold`, `location`, `joinUrl`, `description`, `attendee` (repeated; a member id or an address), `optional` (repeated; those of them
 * that need not come), `attendees` (free text, one person a line or separated by commas),
 * `plain` (the form was filled without scripts: `attendeePlain` counts instead of `attendee`, which scripts keep), `reminderMinutes` ("" is none), `guard`,
 * `workspaceId`.
 */
export function meetingShape(form: FormData): Record<string, unknown> {
  const { startsAt, endsAt } = timesOf(form);
  return {
    title: text(form, "title"),
    startsAt,
    endsAt,
    timeZone: text(form, "timeZone"),
    location: text(form, "location"),
    joinUrl: text(form, "joinUrl").trim() || null,
    description: text(form, "description"),
    attendees: attendeesOf(form),
    reminderMinutes: text(form, "reminderMinutes") === "" ? null : Number(text(form, "reminderMinutes")),
    guard: form.get("guard") === "on",
    ...(text(form, "workspaceId") ? { workspaceId: text(form, "workspaceId") } : {}),
  };
}

export const cancelShape = (form: FormData) => ({ reason: text(form, "reason") || undefined });

export const respondShape = (form: FormData) => ({ partstat: text(form, "partstat"), comment: text(form, "comment") || undefined });

/** Every name under which a fault of the command's input is shown in the form. */
function timesOf(form: FormData): { startsAt: string; endsAt: string } {
  parseInput(timeZoneInput, text(form, "timeZone"), ["timeZone"]);
  const wall = parseInput(wallClockInput, {
    date: text(form, "date"),
    start: text(form, "start"),
    end: text(form, "end"),
    endDate: text(form, "endDate"),
    duration: text(form, "duration"),
    timeZone: text(form, "timeZone"),
    fold: text(form, "fold"),
  });
  const times = resolveTimes(wall);
  if (!times.ok) throw refusedField(times.field, times.code, describeFault(times.code), times.instead ? { instead: times.instead } : {});
  return { startsAt: times.startsAt.toISOString(), endsAt: times.endsAt.toISOString() };
}

const entryMax = 1_000;

/** `Name <a@b.c>` or a bare address, as people paste them; what is no address is kept so that its fault can be shown. */
export function parsePeople(pasted: string): { email: string; name?: string }[] {
  // A comma inside quotes belongs to the name.
  return (pasted.match(/(?:"[^"\n]*"|[^\n;,"])+/g) ?? [])
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => {
      // No name and address are that long; looking for them in anything takes time that grows with its square.
      const named = entry.length <= entryMax ? /^"?([^"<]*)"?\s*<([^>]+)>$/.exec(entry) : null;
      if (!named?.[2]) return { email: entry };
      const name = named[1]?.trim();
      return name ? { email: named[2].trim(), name } : { email: named[2].trim() };
    });
}

function attendeesOf(form: FormData): AttendeeInput[] {
  const optional = new Set(strings(form, "optional"));
  const picked = strings(form, form.has("plain") ? "attendeePlain" : "attendee").map((value): AttendeeInput => {
    const required = !optional.has(value);
    return value.startsWith("mbr_") ? { memberId: value, required } : { email: value, required };
  });
  return [...picked, ...parsePeople(text(form, "attendees"))];
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

const strings = (form: FormData, name: string) => form.getAll(name).filter((value) => typeof value === "string").filter(Boolean);
