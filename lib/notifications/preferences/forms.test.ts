import { describe, expect, test } from "vitest";
import { parseInput } from "@/lib/platform/validation";
import { cellsOfForm, quietHoursFaultsByField, scheduleOfForm } from "./forms";
import { preferenceFormInput, scheduleInput } from "./inputs";

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

const faultsOf = (work: () => unknown) => {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { fields: { path: (string | number)[]; code: string; detail: string }[] }).fields;
  }
};

describe("the form of one choice", () => {
  const read = (fields: Record<string, string>) => parseInput(preferenceFormInput, cellsOfForm(form(fields)));
  const cell = { category: "changes", channel: "email" };

  test("sets a value, for all workspaces or for one", () => {
    expect(read({ ...cell, value: "daily" })).toEqual({ cells: [{ ...cell, value: "daily" }] });
    expect(read({ ...cell, value: "daily", workspaceId: "wsp_1" })).toEqual({ workspaceId: "wsp_1", cells: [{ ...cell, value: "daily" }] });
  });

  test("takes the choice back with its own button, whatever the list beside it shows", () => {
    expect(read({ ...cell, value: "daily", reset: "1" })).toEqual({ cells: [{ ...cell, value: null }] });
  });

  test("without a value is refused, not taken for a choice taken back", () => {
    expect(faultsOf(() => read(cell)).map(({ code }) => code)).toEqual(["not-an-option"]);
  });
});

describe("the form of the schedule", () => {
  const week = Object.fromEntries(["1", "2", "3", "4", "5", "6", "7"].flatMap((day) => [[`start-${day}`, "22:00"], [`end-${day}`, "07:00"]]));

  test("takes the days that are switched on, and none when none is", () => {
    expect(parseInput(scheduleInput, scheduleOfForm(form({ ...week, "on-5": "on", "end-5": "09:00" })))).toEqual({ quietHours: { "5": { start: "22:00", end: "09:00" } } });
    expect(parseInput(scheduleInput, scheduleOfForm(form(week)))).toEqual({ quietHours: {} });
  });

  test("of the digests leaves the quiet hours alone", () => {
    expect(parseInput(scheduleInput, scheduleOfForm(form({ digestTime: "18:30", digestWeekday: "5" })))).toEqual({ digestTime: "18:30", digestWeekday: 5, pushDetails: false });
    expect(parseInput(scheduleInput, scheduleOfForm(form({ digestTime: "18:30", digestWeekday: "5", pushDetails: "on" })))).toMatchObject({ pushDetails: true });
  });

  test("says a fault beside the field that has it", () => {
    const faults = faultsOf(() => parseInput(scheduleInput, scheduleOfForm(form({ ...week, "on-2": "on", "end-2": "22:00", "on-3": "on", "start-3": "" }))));
    const byField = quietHoursFaultsByField({ quietHours: faults });
    expect(Object.fromEntries(Object.entries(byField).map(([name, found]) => [name, found.map(({ code }) => code)]))).toEqual({ "end-2": ["equal-ends"], "start-3": ["wall-clock"] });
  });
});

test("a mute ends at an instant that can be kept", () => {
  for (const mutedUntil of ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]) {
    expect(faultsOf(() => parseInput(scheduleInput, { mutedUntil })).map(({ code }) => code)).toEqual(["instant"]);
  }
});
