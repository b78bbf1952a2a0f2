import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import * as feedEvents from "@/lib/feed/events";
import * as notificationEvents from "@/lib/notifications/events";
import * as meetingEvents from "@/lib/meetings/events";
import * as organizationEvents from "@/lib/organizations/events";
import * as integrationEvents from "../../events";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { append, type EventContract } from "@/lib/platform/outbox/outbox";
import type { Member } from "@/lib/organizations/actor";
import { memberJoined } from "@/lib/organizations/events";
import { foundOrganization } from "@/lib/organizations/testing";
import { productEvents } from "../../subscriptions/inputs";
import { subscriptions } from "../../subscriptions/tables";
import { anEndpoint, deliveriesOf } from "../testing";
import { dispatchProductEvent } from "./commands";
import { publicForms } from "./mappings";

useTestDatabase();

let ada: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
});

const { meetingScheduled, meetingResponded, meetingCancelled } = meetingEvents;
const someone = (name: string) => ({ attendeeId: `att_${name}`, memberId: `mbr_${name}`, email: `${name}@here.example`, name });
const meeting = {
  id: "mtg_1",
  title: "Plan",
  startsAt: "2031-03-03T01:00:00.000Z",
  endsAt: "2031-03-03T02:00:00.000Z",
  timeZone: "Asia/Seoul",
  location: "Room",
  joinUrl: "https://meet.example/secret-room",
  sequence: 0,
  organizer: someone("ada"),
};
const actor = { memberId: "mbr_ada", name: "Ada" };
const booked = { actor, meeting, attendees: [someone("bora"), { ...someone("guest"), memberId: null }] };
const cancelled = { actor, meeting, reason: null, attendees: [] };

async function subscribe(endpointId: string, events: string[]): Promise<void> {
  await inTenant(ada, (tx) =>
    tx.insert(subscriptions).values({
      organizationId: ada.organizationId,
      name: "All",
      events,
      filter: { projects: [], issueTypes: [], statuses: [], assignees: [], labels: [], text: "" },
      target: "endpoint",
      endpointId,
      ownerId: ada.id,
    }),
  );
}

const happen = <Name extends string, Schema extends z.ZodType<Record<string, unknown>>>(contract: EventContract<Name, Schema>, payload: z.input<Schema>) =>
  inTenant(ada, (tx) => append(tx, ada, contract, payload));
const dispatch = (eventId: `evt_${string}`) => dispatchProductEvent(ada, { eventId, occurredAt: clock.now().toISOString() });
const sent = async (endpoint: string) => (await deliveriesOf(ada, endpoint)).map(({ event, entity, sequence }) => [event, entity, sequence]);

/** What happens inside the product and concerns nobody outside, or reaches programs by another road. */
const internal = new Set([
  "organization.created",
  "member.zone-changed",
  "notification.published",
  "publication.requested",
  "device.added",
  "mail.stopped",
  "mail.reported",
  "deliveries.replayed",
  "delivery.requested",
  "held.changed",
  "webhook.received",
  "jira.issue.created",
  "jira.issue.updated",
  "jira.issue.deleted",
  "jira.comment.created",
  "plugin.event",
  "account.unlinked",
  "connection.gap-found",
  "hooks.abandoned",
  "outgoing.ready",
  "article.scheduled",
  "article.archived",
  "article.liked",
  "article.acknowledgement-due",
  "comment.edited",
  "comment.deleted",
  "media.uploaded",
  "media.discarded",
]);

test("every event of the product either can be subscribed to or is known to be internal", () => {
  const contracts = [feedEvents, notificationEvents, meetingEvents, organizationEvents, integrationEvents].flatMap((domain) => Object.values(domain)).filter(isContract);
  const unplaced = contracts.map(({ name }) => name).filter((name) => !internal.has(name) && !productEvents.some((event) => event === name));
  expect(unplaced).toEqual([]);
  expect(productEvents.filter((event) => !contracts.some(({ name }) => name === event))).toEqual([]);
  expect(Object.keys(publicForms).sort()).toEqual([...productEvents].sort());
});

const isContract = (value: unknown): value is EventContract<string, never> => typeof value === "object" && value !== null && "name" in value && "schema" in value && "version" in value;

test("a public form names people, and holds neither the addresses of attendees nor the link into the room", () => {
  const { entity, data } = publicForms["meeting.scheduled"].of(booked);
  expect(entity).toBe("meeting:mtg_1");
  expect(data).toMatchObject({ version: 1, attendees: [{ memberId: "mbr_bora", name: "bora" }, { memberId: null, name: "guest" }] });
  expect(JSON.stringify(data)).not.toMatch(/@here|secret-room/);
});

test("a public form of the news says what is where and who did it, and no word of what was written", () => {
  const article = {
    id: "art_1",
    title: "Plans",
    excerpt: "Secret beginning",
    version: 2,
    authorId: "mbr_ada",
    authorName: "Ada",
    feed: { id: "fed_1", name: null },
    workspace: { id: "wsp_1", name: "Team" },
    workspaceIds: ["wsp_1", "wsp_2"],
    cover: { mediaId: "med_1", alt: "Secret picture" },
  };
  const said = publicForms["comment.added"].of({ actor, article, comment: { id: "cmt_1", parentId: null, excerpt: "Secret words" }, repliedTo: "mbr_bora", mentioned: ["mbr_bora"] });
  expect(said).toMatchObject({ entity: "article:art_1", data: { version: 1, actor, article: { id: "art_1", title: "Plans", author: { memberId: "mbr_ada", name: "Ada" }, workspaceIds: ["wsp_1", "wsp_2"] }, comment: { id: "cmt_1", parentId: null } } });
  expect(publicForms["article.published"].of({ actor, article, notify: false, mentioned: [], mustRead: { dueAt: null } })).toMatchObject({ entity: "article:art_1", data: { mustRead: true } });
  for (const { data } of [said, publicForms["article.updated"].of({ actor, article, mentioned: [] }), publicForms["article.deleted"].of({ actor, article })]) expect(JSON.stringify(data)).not.toMatch(/Secret/);
});

test("an event goes to the endpoints that asked for it, once, under its own id", async () => {
  const wanting = await anEndpoint(ada, "https://example.com/a");
  const everything = await anEndpoint(ada, "https://example.com/b");
  const others = await anEndpoint(ada, "https://example.com/c");
  await subscribe(wanting, ["meeting.scheduled"]);
  await subscribe(wanting, ["meeting.scheduled", "meeting.cancelled"]);
  await subscribe(everything, []);
  await subscribe(others, ["member.joined"]);
  const eventId = await happen(meetingScheduled, booked);
  expect(await dispatch(eventId)).toBe(2);
  expect(await dispatch(eventId)).toBe(0);
  expect(await sent(wanting)).toEqual([["meeting.scheduled", "meeting:mtg_1", 1]]);
  expect(await sent(everything)).toEqual([["meeting.scheduled", "meeting:mtg_1", 1]]);
  expect(await sent(others)).toEqual([]);
  expect((await deliveriesOf(ada, wanting))[0]?.eventId).toBe(eventId);
});

test("events that arrive in another order are numbered in the order in which they happened", async () => {
  const endpoint = await anEndpoint(ada, "https://example.com/order");
  await subscribe(endpoint, ["meeting.scheduled", "meeting.responded", "meeting.cancelled"]);
  const own = { ...meeting, id: "mtg_order" };
  const first = await happen(meetingScheduled, { ...booked, meeting: own });
  const second = await happen(meetingResponded, { actor, meeting: own, attendee: someone("bora"), partstat: "accepted", previous: "needs-action", comment: null, mergeSeconds: 0 });
  const third = await happen(meetingCancelled, { ...cancelled, meeting: own });
  await dispatch(third);
  await dispatch(first);
  await dispatch(second);
  expect((await sent(endpoint)).filter(([, entity]) => entity === "meeting:mtg_order")).toEqual([
    ["meeting.scheduled", "meeting:mtg_order", 1],
    ["meeting.responded", "meeting:mtg_order", 2],
    ["meeting.cancelled", "meeting:mtg_order", 3],
  ]);
});

test("who subscribes later is not told what happened before", async () => {
  await happen(meetingScheduled, { ...booked, meeting: { ...meeting, id: "mtg_before" } });
  const endpoint = await anEndpoint(ada, "https://example.com/late");
  await subscribe(endpoint, []);
  const next = await happen(memberJoined, { actor, organization: { id: ada.organizationId, name: "Here", slug: "here" }, member: { id: "mbr_x", name: "X", email: "x@here.example" }, invitedBy: null, invitationId: null });
  await dispatch(next);
  expect(await sent(endpoint)).toEqual([["member.joined", "member:mbr_x", 1]]);
});

test("one that cannot be said fails by itself, and stops nothing that happened after it", async () => {
  const endpoint = await anEndpoint(ada, "https://receiver.example/hook");
  await subscribe(endpoint, [meetingCancelled.name]);
  const broken = await happen(meetingCancelled, cancelled);
  const fine = await happen(meetingCancelled, cancelled);
  await asSystem("relay", (tx) => tx.execute(sql`update outbox_events set payload = '{}' where id = ${broken}`));
  await expect(dispatch(broken)).rejects.toThrow();
  await dispatch(fine);
  expect((await deliveriesOf(ada, endpoint)).map(({ eventId }) => eventId)).toEqual([fine]);
});
