import { describe, expect, test } from "vitest";
import type { Category, PreferenceChannel, PreferenceValue } from "./inputs";
import { standingByDefault } from "./preferences/rules";
import { decide, reconsider, type Held, type Matter, type Standing } from "./rules";

// A Monday, 21:30 in Seoul.
const now = new Date("2031-03-03T12:30:00Z");
const night = Object.fromEntries(["1", "2", "3", "4", "5", "6", "7"].map((weekday) => [weekday, { start: "21:00", end: "07:00" }]));
const nightEnd = "2031-03-03T22:00:00.000Z";

const matter = (more: Partial<Matter> = {}): Matter => ({ category: "changes", channels: ["realtime", "email", "push"], expiresAt: null, ...more });
const chosen = (values: Partial<Record<PreferenceChannel, PreferenceValue>>, category: Category = "changes"): Standing["choices"] => {
  const { choices } = standingByDefault(category);
  for (const channel of ["inbox", "email", "push"] as const) {
    const value = values[channel];
    if (value) choices[channel] = { value, source: "mine" };
  }
  return choices;
};
const standing = (more: Partial<Standing> = {}, category: Category = "changes"): Standing => ({
  ...standingByDefault(category),
  timeZone: "Asia/Seoul",
  hasDevice: true,
  ...more,
});
const said = (given: Matter, where: Standing, at = now) => {
  const { inbox, email, push } = decide(given, where, at);
  const words = (decision: typeof inbox) => {
    switch (decision.verdict) {
      case "now":
        return "now";
      case "skip":
        return decision.why;
      case "hold":
        return `${decision.why} ${decision.until}`;
      case "digest":
        return `${decision.every} ${decision.until}`;
    }
  };
  return [words(inbox), words(email), words(push)];
};

describe("what becomes of a notification", () => {
  const digest = chosen({ email: "daily" });
  test.each<[string, Partial<Matter>, Partial<Standing>, string[]]>([
    ["goes out at once without any choice", {}, {}, ["now", "now", "now"]],
    ["goes only where it is offered", { channels: ["email"] }, {}, ["not-offered", "now", "not-offered"]],
    ["stays away where it is off", {}, { choices: chosen({ inbox: "off", email: "off", push: "off" }) }, ["off", "off", "off"]],
    ["needs a device", {}, { hasDevice: false }, ["now", "now", "no-device"]],
    ["names the choice before the missing device", {}, { hasDevice: false, choices: chosen({ push: "off" }) }, ["now", "now", "off"]],
    ["needs an address that takes mail", {}, { mailStopped: "bounce" }, ["now", "bounce", "now"]],
    ["names the stopped address before the choice, because only the first can be helped", {}, { mailStopped: "complaint", choices: chosen({ email: "off" }) }, ["now", "complaint", "now"]],
    ["of a muted thread stays in the inbox", {}, { threadMuted: true }, ["now", "thread-muted", "thread-muted"]],
    ["that is over is told nobody", { expiresAt: now }, {}, ["too-late", "too-late", "too-late"]],
    ["of a muted thread that is over says the mute", { expiresAt: now }, { threadMuted: true }, ["too-late", "thread-muted", "thread-muted"]],
    ["is dropped while everything is muted", {}, { muted: true }, ["now", "muted", "muted"]],
    ["is dropped, not gathered, while everything is muted", {}, { muted: true, choices: digest, quietHours: night }, ["now", "muted", "muted"]],
    ["waits for the end of a mute", {}, { mutedUntil: new Date("2031-03-03T13:30:00Z") }, ["now", "mute 2031-03-03T13:30:00.000Z", "mute 2031-03-03T13:30:00.000Z"]],
    ["does not wait for a mute that is over", {}, { mutedUntil: now }, ["now", "now", "now"]],
    ["waits for the end of the quiet hours", {}, { quietHours: night }, ["now", `quiet-hours ${nightEnd}`, `quiet-hours ${nightEnd}`]],
    ["waits for the later end when a mute ends in quiet hours", {}, { quietHours: night, mutedUntil: new Date("2031-03-03T14:00:00Z") }, ["now", `quiet-hours ${nightEnd}`, `quiet-hours ${nightEnd}`]],
    ["waits for the later end when quiet hours end under a mute", {}, { quietHours: night, mutedUntil: new Date("2031-03-04T01:00:00Z") }, ["now", "mute 2031-03-04T01:00:00.000Z", "mute 2031-03-04T01:00:00.000Z"]],
    ["waits through the quiet hours in which a long mute ends", {}, { quietHours: night, mutedUntil: new Date("2031-03-04T13:00:00Z") }, ["now", "quiet-hours 2031-03-04T22:00:00.000Z", "quiet-hours 2031-03-04T22:00:00.000Z"]],
    ["does not wait beyond its own end", { expiresAt: new Date(nightEnd) }, { quietHours: night }, ["now", "too-late", "too-late"]],
    ["waits while its end is later", { expiresAt: new Date("2031-03-03T22:00:00.001Z") }, { quietHours: night }, ["now", `quiet-hours ${nightEnd}`, `quiet-hours ${nightEnd}`]],
    ["is gathered for tomorrow's digest", {}, { choices: digest }, ["now", "daily 2031-03-03T23:00:00.000Z", "now"]],
    ["is gathered for the week's digest", {}, { choices: chosen({ email: "weekly" }), digestWeekday: 5, digestTime: "18:30" }, ["now", "weekly 2031-03-07T09:30:00.000Z", "now"]],
    ["is gathered even in quiet hours", {}, { choices: digest, quietHours: night }, ["now", "daily 2031-03-03T23:00:00.000Z", `quiet-hours ${nightEnd}`]],
    ["comes with the end of quiet hours that a digest falls into", {}, { choices: digest, digestTime: "06:30", quietHours: night }, ["now", `daily ${nightEnd}`, `quiet-hours ${nightEnd}`]],
    ["comes with the end of a mute that a digest falls into", {}, { choices: digest, mutedUntil: new Date("2031-03-04T03:00:00Z") }, ["now", "daily 2031-03-04T03:00:00.000Z", "mute 2031-03-04T03:00:00.000Z"]],
    ["is not gathered beyond its own end", { expiresAt: new Date("2031-03-03T14:00:00Z") }, { choices: digest }, ["now", "too-late", "now"]],
    ["waits in UTC where the zone is not known", {}, { timeZone: "Mars/Olympus", quietHours: { "1": { start: "12:00", end: "13:00" } } }, ["now", "quiet-hours 2031-03-03T13:00:00.000Z", "quiet-hours 2031-03-03T13:00:00.000Z"]],
  ])("%s", (_, more, where, expected) => {
    expect(said(matter(more), standing(where))).toEqual(expected);
  });

  test("that is critical passes every choice, but needs an address, a device and its time", () => {
    const critical = (more: Partial<Matter> = {}) => matter({ category: "security", ...more });
    const choices = standingByDefault("security").choices;
    const silenced: Partial<Standing> = { choices, muted: true, mutedUntil: new Date("2031-03-09T00:00:00Z"), quietHours: night, threadMuted: true };
    expect(said(critical(), standing(silenced))).toEqual(["now", "now", "now"]);
    expect(said(critical(), standing({ ...silenced, hasDevice: false, mailStopped: "bounce" }))).toEqual(["now", "bounce", "no-device"]);
    expect(said(critical({ expiresAt: now }), standing(silenced))).toEqual(["too-late", "too-late", "too-late"]);
    expect(decide(critical(), standing(silenced), now).email).toEqual({ verdict: "now", source: "critical" });
  });

  test("names the level that the choice comes from", () => {
    const choices = { ...chosen({ push: "off" }), email: { value: "on" as const, source: "organization" as const } };
    const decisions = decide(matter(), standing({ choices, quietHours: night }), now);
    expect(decisions).toMatchObject({ inbox: { source: "default" }, email: { source: "organization", verdict: "hold" }, push: { source: "mine", verdict: "skip" } });
  });
});

describe("what is held, looked at again", () => {
  const held = (hold: Held["hold"], deliverAfter: string, channel: Held["channel"] = "email"): Held => ({ channel, hold, deliverAfter: new Date(deliverAfter) });
  const due = now.toISOString();
  const later = "2031-03-04T00:00:00Z";
  test.each<[string, Held, Partial<Standing>, object, Partial<Matter>?]>([
    ["goes when nothing holds it any more", held("quiet-hours", later), {}, { verdict: "release" }],
    ["waits longer when the quiet hours do", held("quiet-hours", due), { quietHours: night }, { verdict: "hold", hold: "quiet-hours", until: new Date(nightEnd) }],
    ["waits for the mute that came after the quiet hours", held("quiet-hours", due), { mutedUntil: new Date(later) }, { verdict: "hold", hold: "mute", until: new Date(later) }],
    ["is dropped when it was switched off", held("daily", due), { choices: chosen({ email: "off" }) }, { verdict: "skip", why: "off" }],
    ["is dropped when its thread was muted", held("mute", due), { threadMuted: true }, { verdict: "skip", why: "thread-muted" }],
    ["is dropped when it is over", held("mute", due), {}, { verdict: "skip", why: "too-late" }, { expiresAt: now }],
    ["goes with the digest that is due", held("daily", due), { choices: chosen({ email: "daily" }) }, { verdict: "release" }],
    ["goes with the digest that is due although it is over before the next", held("daily", due), { choices: chosen({ email: "daily" }) }, { verdict: "release" }, { expiresAt: new Date("2031-03-03T20:00:00Z") }],
    ["waits for its digest until that is due", held("daily", later), { choices: chosen({ email: "daily" }) }, { verdict: "hold", hold: "daily", until: new Date("2031-03-03T23:00:00Z") }],
    ["waits as a digest for the end of new quiet hours", held("daily", due), { choices: chosen({ email: "daily" }), quietHours: night }, { verdict: "hold", hold: "daily", until: new Date(nightEnd) }],
    ["waits for the week when it was gathered for the day", held("daily", due), { choices: chosen({ email: "weekly" }), digestWeekday: 3 }, { verdict: "hold", hold: "weekly", until: new Date("2031-03-04T23:00:00Z") }],
    ["goes at once when it is no longer gathered", held("weekly", later), { choices: chosen({ email: "on" }) }, { verdict: "release" }],
    ["joins the digest when it is gathered from now on", held("quiet-hours", later), { choices: chosen({ email: "daily" }) }, { verdict: "hold", hold: "daily", until: new Date("2031-03-03T23:00:00Z") }],
    ["is a push that waits like any", held("quiet-hours", later, "push"), { quietHours: night }, { verdict: "hold", hold: "quiet-hours", until: new Date(nightEnd) }],
    ["is a push that nobody can show any more", held("quiet-hours", due, "push"), { hasDevice: false }, { verdict: "skip", why: "no-device" }],
  ])("%s", (_, what, where, expected, more = {}) => {
    expect(reconsider(matter(more), standing(where), what, now)).toMatchObject(expected);
  });
});
