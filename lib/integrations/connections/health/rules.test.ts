import { describe, expect, test } from "vitest";
import { tokenState, verdict, webhookState, type Signs } from "./rules";

const now = new Date("2026-11-21T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const ahead = (hours: number) => ago(-hours);
const well: Signs = {
  plugin: "jira",
  hookKind: "manual",
  allowsUnsigned: false,
  verifiedAt: ago(48),
  lastReceivedAt: ago(1),
  refusedAt: null,
  pausedAt: null,
  gapSince: null,
  grant: { refreshedAt: ago(1), expiresAt: ahead(1), lastError: null, brokenAt: null },
  hook: null,
  waitingSince: null,
};
const dynamic = { ...well, hookKind: "dynamic" as const, hook: { lapsesAt: ahead(25 * 24), lastError: null } };
const grant = { refreshedAt: ago(1), expiresAt: ahead(1), lastError: null, brokenAt: null };

describe("the state of a token", () => {
  test.each([
    ["works", { plugin: "jira", grant }, "ok"],
    ["is gone", { plugin: "jira", grant: { ...grant, brokenAt: ago(2) } }, "broken"],
    ["was never there", { plugin: "jira", grant: null }, "broken"],
    ["is needed by no generic sender", { plugin: "generic", grant: null }, "none"],
    ["fails to renew, but holds", { plugin: "jira", grant: { ...grant, lastError: "503" } }, "ok"],
    ["fails to renew, and is over", { plugin: "jira", grant: { ...grant, lastError: "503", expiresAt: ago(1) } }, "expiring"],
    ["has idled for 81 days", { plugin: "jira", grant: { ...grant, refreshedAt: ago(81 * 24) } }, "expiring"],
  ] as const)("one that %s", (_, signs, expected) => expect(tokenState(signs, now)).toBe(expected));
});

describe("the state of a webhook", () => {
  test.each([
    ["has been proven", well, "verified"],
    ["has yet to come", { ...well, verifiedAt: null, lastReceivedAt: null }, "waiting"],
    ["was turned away last", { ...well, refusedAt: ago(0.5) }, "refused"],
    ["was turned away, then proven", { ...well, refusedAt: ago(2) }, "verified"],
    ["was turned away long ago", { ...well, lastReceivedAt: null, refusedAt: ago(8 * 24) }, "verified"],
    ["is registered", dynamic, "verified"],
    ["lapses within a week", { ...dynamic, hook: { lapsesAt: ahead(6 * 24), lastError: null } }, "lapsing"],
    ["has lapsed", { ...dynamic, hook: { lapsesAt: ago(1), lastError: null } }, "lapsed"],
    ["is registered no more", { ...dynamic, hook: null }, "lapsed"],
  ] as const)("one that %s", (_, signs, expected) => expect(webhookState(signs, now)).toBe(expected));
});

describe("the verdict", () => {
  test.each([
    ["all is well", well, "good"],
    ["nothing has come yet", { ...well, verifiedAt: null, lastReceivedAt: null }, "waiting"],
    ["it is paused", { ...well, pausedAt: ago(1), waitingSince: ago(1) }, "paused"],
    ["it is paused, and the grant is gone", { ...well, pausedAt: ago(1), grant: { ...grant, brokenAt: ago(2) } }, "broken"],
    ["the hook lapsed", { ...dynamic, hook: null }, "broken"],
    ["anybody may send", { ...well, allowsUnsigned: true }, "attention"],
    ["something waits for long", { ...well, waitingSince: ago(0.2) }, "attention"],
    ["something has just come", { ...well, waitingSince: ago(0.01) }, "good"],
  ] as const)("when %s", (_, signs, expected) => expect(verdict(signs, now)).toBe(expected));
});
