import { expect, test } from "vitest";
import { subscriptionShape } from "./forms";
import { presets } from "../choices/inputs";

function eventsFrom(fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return subscriptionShape(form).events;
}

test("a choice of events is that of its place, and everything only where everything is chosen", () => {
  expect(eventsFrom({ preset: "created", plugin: "jira" })).toEqual(presets.jira?.created);
  expect(eventsFrom({ preset: "all", plugin: "jira" })).toEqual([]);
  for (const [preset, plugin] of [["work", "generic"], ["constructor", "jira"], ["name", "constructor"], ["", "jira"], ["custom", "jira"]]) {
    expect(eventsFrom({ preset: preset ?? "", plugin: plugin ?? "" })).toEqual([""]);
  }
});
