import type { FieldFault } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";

/** The forms of the settings as the inputs expect them. */
export function cellsOfForm(form: FormData) {
  const { workspaceId, ...cell } = formFields(form, ["category", "channel"], ["workspaceId", "value"]);
  return { workspaceId, cells: [{ ...cell, value: form.has("reset") ? null : (cell.value ?? "") }] };
}

const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;
const text = (form: FormData, name: string) => String(form.get(name) ?? "");

export function scheduleOfForm(form: FormData) {
  const on = weekdays.filter((weekday) => form.has(`on-${weekday}`));
  return {
    ...(form.has("start-1") && {
      quietHours: Object.fromEntries(on.map((weekday) => [weekday, { start: text(form, `start-${weekday}`), end: text(form, `end-${weekday}`) }])),
    }),
    ...(form.has("digestTime") && {
      digestTime: text(form, "digestTime"),
      digestWeekday: Number(text(form, "digestWeekday")),
      pushDetails: form.has("pushDetails"),
    }),
  };
}

/** Faults of a window stand beside its own fields, `start-1` or `end-1`. */
export function quietHoursFaultsByField({ quietHours = [], ...fields }: Record<string, FieldFault[]>): Record<string, FieldFault[]> {
  const moved: Record<string, FieldFault[]> = { ...fields };
  for (const fault of quietHours) {
    const [, weekday, end = "start"] = fault.path;
    (moved[weekday === undefined ? "quietHours" : `${end}-${weekday}`] ??= []).push(fault);
  }
  return moved;
}
