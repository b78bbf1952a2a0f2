import { describe, expect, test } from "vitest";
import { catalog } from "./catalog";
import { inBatches, plan } from "./fan-out/rules";
import { standingByDefault } from "./preferences/rules";
import { storable } from "./rules";

const now = new Date("2031-03-03T00:00:00Z");
const person = (attendeeId: string, memberId: string | null = null) => ({ attendeeId, memberId, email: `${attendeeId}@x.example`, name: null });
const meeting = {
  id: "mtg_1",
  title: "Plan",
  startsAt: "2031-03-03T01:00:00.000Z",
  endsAt: "2031-03-03T02:00:00.000Z",
  timeZone: "Asia/Seoul",
  location: "",
  joinUrl: null,
  sequence: 0,
  organizer: person("att_o", "mbr_o"),
};
const before = { title: "Plan", startsAt: meeting.startsAt, endsAt: meeting.endsAt, timeZone: "UTC", location: "", joinUrl: null };
const organizer = { memberId: "mbr_o", name: "Ada" };

const plansOf = (event: string, payload: object) =>
  catalog
    .filter((row) => row.event === event)
    .map((row) => row.read(payload))
    .map((told) => ({ ...told, ...plan(told, Array.isArray(told.audience) ? told.audience : [], { standingOf: () => standingByDefault(told.category), now }) }));
const who = (event: string, payload: object) =>
  plansOf(event, payload).map(({ type, deliveries }) => [type, deliveries.map(({ way, recipient }) => `${way.channel} ${recipient}`)]);

describe("the catalog tells", () => {
  test("members live and by mail, people without an account by mail", () => {
    expect(who("meeting.scheduled", { actor: organizer, meeting, attendees: [person("a", "mbr_a"), person("b")] })).toEqual([
      ["meeting.invited", ["realtime mbr_a", "email mbr_a", "email b@x.example"]],
    ]);
  });

  test("the added of an invitation, the kept of a change, the removed of their removal, and lets only changes wait", () => {
    const payload = { actor: organizer, meeting, before, changes: ["title"], kept: [person("k")], added: [person("a")], removed: [person("r")], mergeSeconds: 60 };
    const waits = plansOf("meeting.rescheduled", payload).map(({ type, deliveries }) => [
      type,
      deliveries.map(({ recipient, way: { deliverAfter }, mergeKey }) => [recipient, (deliverAfter.getTime() - now.getTime()) / 1000, mergeKey]),
    ]);
    expect(waits).toEqual([
      ["meeting.invited", [["a@x.example", 0, "meeting:mtg_1:a"]]],
      ["meeting.updated", [["k@x.example", 60, "meeting:mtg_1:k"]]],
      ["meeting.removed", [["r@x.example", 60, "meeting:mtg_1:r"]]],
    ]);
  });

  test("the organizer of an answer, but not of their own", () => {
    const answer = { meeting, attendee: person("a", "mbr_a"), partstat: "accepted", previous: "needs-action", comment: null, mergeSeconds: 60 };
    expect(who("meeting.responded", { ...answer, actor: { memberId: "mbr_a", name: "A" } })).toEqual([["meeting.responded", ["realtime mbr_o", "email mbr_o"]]]);
    expect(who("meeting.responded", { ...answer, actor: { memberId: null, name: "Guest" } })).toEqual([["meeting.responded", ["realtime mbr_o", "email mbr_o"]]]);
    expect(who("meeting.responded", { ...answer, actor: organizer })).toEqual([["meeting.responded", []]]);
  });

  test("everybody whose reminder fell due, the organizer too, and a person named twice once", () => {
    const recipients = [meeting.organizer, person("a", "mbr_a"), person("a", "mbr_a")];
    expect(who("meeting.starting", { meeting, minutesLeft: 30, recipients })).toEqual([
      ["meeting.reminder", ["realtime mbr_o", "email mbr_o", "realtime mbr_a", "email mbr_a"]],
    ]);
  });

  test("an invited address by mail, and the inviter live when somebody joined", () => {
    const organization = { id: "org_1", name: "Here", slug: "here" };
    const invitation = { id: "inv_1", email: "n@x.example", role: "member", generation: 1, expiresAt: now.toISOString(), locale: "ko" };
    expect(who("member.invited", { actor: organizer, organization, invitation })).toEqual([["member.invited", ["email n@x.example"]]]);
    const joined = { actor: { memberId: "mbr_n", name: "N" }, organization, member: { id: "mbr_n", name: "N", email: "n@x.example" }, invitationId: "inv_1" };
    expect(who("member.joined", { ...joined, invitedBy: "mbr_o" })).toEqual([["member.joined", ["realtime mbr_o"]]]);
    expect(who("member.joined", { ...joined, invitedBy: null })).toEqual([["member.joined", []]]);
  });

  test("what it keeps never grows with the audience", () => {
    const attendees = Array.from({ length: 500 }, (_, index) => person(`a${index}`));
    for (const { facts } of plansOf("meeting.scheduled", { actor: organizer, meeting, attendees })) expect(JSON.stringify(facts).length).toBeLessThan(1000);
  });
});

test("U+0000 is replaced at any depth, in values and keys", () => {
  expect(storable({ "a\u0000": ["b\u0000", { c: "\u0000" }], n: 1, z: null })).toEqual({ "a\uFFFD": ["b\uFFFD", { c: "\uFFFD" }], n: 1, z: null });
  expect(storable({ "a\uD83D": ["\uDE00b", "\uD83D\uDE00"] })).toEqual({ "a\uFFFD": ["\uFFFDb", "\uD83D\uDE00"] });
});

test("deliveries that are due together travel together, at most a hundred at a time", () => {
  const rows = Array.from({ length: 250 }, (_, index) => ({ id: `dlv_${index}`, channel: "email", deliverAfter: now }));
  const sizes = inBatches([...rows, { id: "dlv_r", channel: "realtime", deliverAfter: now }]).map(({ channel, deliveryIds }) => [channel, deliveryIds.length]);
  expect(sizes).toEqual([["email", 100], ["email", 100], ["email", 50], ["realtime", 1]]);
});
