import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { subjects } from "@/inngest/subjects";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { rateLimits } from "@/lib/platform/auth/tables";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { createWorkspace } from "@/lib/organizations/commands";
import { removeMember } from "@/lib/organizations/membership/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { auditLog } from "@/lib/organizations/queries";
import { archiveTemplate, changeTemplate, createTemplate } from "../custom-templates/commands";
import { templateInput } from "../custom-templates/inputs";
import { listTemplates, previewTemplate, templateDetails } from "../custom-templates/queries";
import { fanOut, fanOutPart, theStart } from "../fan-out/commands";
import { claimDeliveries } from "../deliveries/commands";
import { deliveries } from "../tables";
import { deliveryRows, eventsAbout } from "../testing";
import { cancelPublication, publish, startPublication } from "./commands";
import { publishInput } from "./inputs";
import { announcement, duePublications, listPublications, publicationProgress } from "./queries";
import { publications } from "./tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let cyd: Member;
let stranger: Member;
let strangersTemplate: string;
let workspaceId: string;

const words = { en: { subject: "Release {{version}}", body: "Hello,\n\n{{version}} is out." }, ko: { subject: "{{version}} 출시", body: "{{version}}이 나왔습니다." } };
const draft = (more: object = {}) =>
  parseInput(templateInput, { key: "release", name: "Release note", variables: [{ name: "version", sample: "1.0" }, { name: "link", required: false }], content: words, ...more });

beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  cyd = await joinAs(ada, "cyd@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
  await createTemplate(ada, draft());
  strangersTemplate = (await createTemplate(stranger, draft({ key: "theirs" }))).templateId;
  workspaceId = (await createWorkspace(stranger, "Their room")).workspaceId;
});

const wanted = (more: object = {}) => parseInput(publishInput, { template: "release", audience: { members: [bora.id] }, variables: { version: "2.4" }, ...more });
const refusal = async (work: Promise<unknown>): Promise<Refused> => {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason);
  if (error instanceof Refused) return error;
  throw new Error(`not refused: ${String(error)}`);
};
const faultsOf = async (work: Promise<unknown>) => (await refusal(work)).fields.map(({ path, code }) => `${path.join(".")}: ${code}`);
const start = (id: string) => startPublication(systemTenant(ada.organizationId), id);
const fanOutAll = async (id: string) => {
  for (const { name, envelope } of await eventsAbout(id)) if (name === "notification.published") await fanOut(systemTenant(ada.organizationId), name, envelope);
};

describe("templates", () => {
  test("are for owners and admins of their own organization", async () => {
    const forbidden = [createTemplate(bora, draft({ key: "mine" })), listTemplates(bora), templateDetails(bora, "release"), publish(bora, wanted()), listPublications(bora)];
    for (const { code } of await Promise.all(forbidden.map(refusal))) expect(code).toBe("FORBIDDEN");
    const unknown = [templateDetails(ada, strangersTemplate), templateDetails(ada, "theirs"), changeTemplate(ada, strangersTemplate, draft()), archiveTemplate(ada, strangersTemplate)];
    for (const { code } of await Promise.all(unknown.map(refusal))) expect(code).toBe("NOT_FOUND");
    expect((await listTemplates(ada)).map(({ key }) => key)).toEqual(["release"]);
  });

  test("keep their key to themselves, also of two that take it at once, and archived", async () => {
    const both = await Promise.allSettled([createTemplate(ada, draft({ key: "twice" })), createTemplate(ada, draft({ key: "twice" }))]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { id } = await templateDetails(ada, "twice");
    await archiveTemplate(ada, id);
    expect(await faultsOf(createTemplate(ada, draft({ key: "twice" })))).toEqual(["key: key-taken"]);
    const release = await templateDetails(ada, "release");
    expect(await faultsOf(changeTemplate(ada, release.id, draft({ key: "twice" })))).toEqual(["key: key-taken"]);
    expect(await faultsOf(publish(ada, wanted({ template: "twice" })))).toEqual(["template: unknown-template"]);
  });

  test("are changed from the version that was read, and every change is in the audit log", async () => {
    const { templateId } = await createTemplate(ada, draft({ key: "edited" }));
    await changeTemplate(ada, templateId, draft({ key: "edited", name: "Edited" }), { ifVersion: 1 });
    expect((await refusal(changeTemplate(ada, templateId, draft({ key: "edited" }), { ifVersion: 1 }))).code).toBe("PRECONDITION_FAILED");
    await archiveTemplate(ada, templateId);
    expect((await refusal(changeTemplate(ada, templateId, draft({ key: "edited" })))).code).toBe("CONFLICT");
    await archiveTemplate(ada, templateId, false);
    const { entries } = await auditLog(ada);
    expect(entries.slice(0, 4).map(({ action }) => action)).toEqual(["template.restored", "template.archived", "template.changed", "template.created"]);
  });

  test("preview every language with samples, and name what is missing and unknown", async () => {
    const template = await templateDetails(ada, "release");
    const { languages, missing, unknown } = await previewTemplate(ada, template, { other: "x" });
    expect(languages.en).toMatchObject({ subject: "Release 1.0", line: expect.stringContaining("Release 1.0"), push: { title: "Release 1.0" } });
    expect(languages.ko?.subject).toBe("1.0 출시");
    expect({ missing, unknown, french: languages.fr }).toEqual({ missing: [], unknown: ["other"], french: undefined });
    const bare = await previewTemplate(ada, { ...template, variables: [{ name: "version", required: true, sample: "" }] }, {});
    expect(bare.missing).toEqual(["version"]);
    expect(bare.languages.en?.subject).toBe("Release {{version}}");
  });

  test("let nothing that a variable holds become markup, a header or a link", async () => {
    const template = await templateDetails(ada, "release");
    const { languages } = await previewTemplate(ada, template, { version: `<script>alert(1)</script>\r\nBcc: x@y.example<a href="javascript:alert(1)">` });
    expect(languages.en?.html).not.toMatch(/<script>alert|<a href="javascript:/);
    expect(languages.en?.subject).not.toMatch(/[\r\n]/);
  });
});

describe("publishing", () => {
  test("is refused by name for what is not there, not given or not theirs", async () => {
    const cases: [object, string[]][] = [
      [{ template: "nothing" }, ["template: unknown-template"]],
      [{ template: strangersTemplate }, ["template: unknown-template"]],
      [{ variables: {} }, ["variables.version: variable-missing"]],
      [{ variables: { version: "1", other: "2" } }, ["variables.other: variable-unknown"]],
      [{ audience: { members: [stranger.id, bora.id] } }, ["audience.members.0: unknown-member"]],
      [{ audience: { members: ["mbr_nobody"] } }, ["audience.members.0: unknown-member"]],
      [{ audience: { workspaces: [workspaceId] } }, ["audience.workspaces.0: unknown-workspace"]],
      [{ sendAt: "2001-01-01T00:00:00Z" }, ["sendAt: in-the-past"]],
      [{ sendAt: "2999-01-01T00:00:00Z" }, ["sendAt: too-far"]],
      [{ audience: { emails: ["out@there.example"] }, channels: ["push"] }, ["channels: addresses-need-email"]],
    ];
    for (const [more, faults] of cases) expect(await faultsOf(publish(ada, wanted(more)))).toEqual(faults);
    for (const [more, code] of [
      [{ audience: {} }, "audience-empty"],
      [{ audience: { roles: ["janitor"] } }, "not-an-option"],
      [{ audience: { emails: ["nobody"] } }, "email"],
      [{ channels: [] }, "channels"],
      [{ variables: { version: "x".repeat(1_000_000) } }, "too-long"],
    ] as const) {
      expect(() => wanted(more)).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ code })] }));
    }
  });

  test("reaches whom it names once, in their words, also the one who asked for it", async () => {
    const { publicationId } = await publish(ada, wanted({ audience: { everyone: true, members: [bora.id], emails: ["BORA@here.example", "guest@out.example"] } }));
    expect((await publicationProgress(ada, publicationId)).state).toBe("scheduled");
    expect(await start(publicationId)).toEqual({ started: true });
    expect(await start(publicationId)).toEqual({ started: false });
    await fanOutAll(publicationId);
    const progress = await publicationProgress(ada, publicationId);
    expect(progress).toMatchObject({ state: "sending", inbox: { told: 3, read: 0 }, channelStates: { email: { pending: 4 } } });
    const mails = await deliveryRows(publicationId);
    expect(mails.map(({ memberId, email }) => memberId ?? email).sort()).toEqual([ada.id, bora.id, cyd.id, "guest@out.example"].sort());
    const claimed = await claimDeliveries(systemTenant(ada.organizationId), "email", mails.map(({ id }) => id));
    const said = await subjects.resolve(systemTenant(ada.organizationId), "notification.published", claimed);
    for (const { id, memberId } of claimed) {
      expect(said.get(id)).toMatchObject({ content: { data: { words: { en: { subject: "Release 2.4" }, ko: { subject: "2.4 출시" } }, isMember: memberId !== null } } });
    }
    expect((await announcement(bora, publicationId)).words.body).toContain("2.4 is out");
    expect((await refusal(announcement(stranger, publicationId))).code).toBe("NOT_FOUND");
  });

  test("to an audience in chunks is under way until the last of them is told, and over when nobody is left to tell", async () => {
    const { publicationId } = await publish(ada, wanted({ audience: { everyone: true }, channels: ["inbox"] }));
    await start(publicationId);
    const event = (await eventsAbout(publicationId)).find(({ name }) => name === "notification.published");
    if (!event) throw new Error("not published");
    const tenant = systemTenant(ada.organizationId);
    const stateNow = async () => [(await publicationProgress(ada, publicationId)).state, (await listPublications(ada)).publications.find(({ id }) => id === publicationId)?.state];
    const settleAll = () => inTenant(tenant, (tx) => tx.update(deliveries).set({ state: "sent" }).where(eq(deliveries.notificationId, publicationId)));
    const { next } = await fanOutPart(tenant, event.name, event.envelope, theStart, 2);
    await settleAll();
    expect(await stateNow()).toEqual(["sending", "sending"]);
    if (!next) throw new Error("no second chunk");
    await fanOutPart(tenant, event.name, event.envelope, next, 2);
    expect(await stateNow()).toEqual(["sending", "sending"]);
    await settleAll();
    expect(await stateNow()).toEqual(["sent", "sent"]);

    const gone = await joinAs(ada, "gone@here.example");
    const lonely = await publish(ada, wanted({ audience: { members: [gone.id] } }));
    await removeMember(ada, gone.id);
    await start(lonely.publicationId);
    await fanOutAll(lonely.publicationId);
    expect((await publicationProgress(ada, lonely.publicationId)).state).toBe("sent");
  });

  test("keeps the words it was asked for with, whatever becomes of the template", async () => {
    const { templateId } = await createTemplate(ada, draft({ key: "kept" }));
    const { publicationId } = await publish(ada, wanted({ template: "kept" }));
    await changeTemplate(ada, templateId, draft({ key: "kept", content: { en: { subject: "Other", body: "Other" } } }));
    expect((await publicationProgress(ada, publicationId)).words.en.subject).toBe("Release 2.4");
  });

  test("with one Idempotency-Key is one publication, and another body under it is refused", async () => {
    const options = { idempotencyKey: "one" };
    const all = await Promise.all([1, 2, 3].map(() => publish(ada, wanted(), options)));
    expect(new Set(all.map(({ publicationId }) => publicationId)).size).toBe(1);
    expect((await refusal(publish(ada, wanted({ variables: { version: "3" } }), options))).code).toBe("IDEMPOTENCY_MISMATCH");
  });

  test("of one workspace is said there, and only to those who are in it", async () => {
    const { workspaceId: room } = await createWorkspace(ada, "Room");
    const { publicationId } = await publish(ada, wanted({ audience: { workspaces: [room] } }));
    await start(publicationId);
    await fanOutAll(publicationId);
    expect((await deliveryRows(publicationId)).map(({ memberId }) => memberId)).toEqual([ada.id]);
    const [event] = (await eventsAbout(publicationId)).filter(({ name }) => name === "notification.published");
    expect(event?.envelope.payload).toMatchObject({ publication: { workspaceId: room } });
  });
});

describe("cancelling", () => {
  test("before it goes out keeps everybody from hearing of it; doing so again changes nothing", async () => {
    const { publicationId } = await publish(ada, wanted({ sendAt: new Date(clock.nowMs() + 3_600_000).toISOString() }));
    await cancelPublication(ada, publicationId);
    await cancelPublication(ada, publicationId);
    expect(await start(publicationId)).toEqual({ started: false });
    expect((await eventsAbout(publicationId)).map(({ name }) => name)).toEqual(["publication.requested"]);
    expect((await publicationProgress(ada, publicationId)).state).toBe("cancelled");
  });

  test("after it went out is refused, and somebody else's is not there", async () => {
    const { publicationId } = await publish(ada, wanted());
    await start(publicationId);
    expect((await refusal(cancelPublication(ada, publicationId))).code).toBe("ALREADY_SENT");
    expect((await refusal(cancelPublication(stranger, publicationId))).code).toBe("NOT_FOUND");
    expect((await refusal(publicationProgress(stranger, publicationId))).code).toBe("NOT_FOUND");
    expect((await refusal(cancelPublication(bora, publicationId))).code).toBe("FORBIDDEN");
  });

  test("and starting at once end in exactly one of both", async () => {
    for (let round = 0; round < 12; round += 1) {
      await asSystem("sweep", (tx) => tx.delete(rateLimits));
      const { publicationId } = await publish(ada, wanted());
      const [started, cancelled] = await Promise.allSettled([start(publicationId), cancelPublication(ada, publicationId)]);
      const went = started.status === "fulfilled" && started.value.started;
      expect(went).toBe(cancelled.status === "rejected");
      const events = (await eventsAbout(publicationId)).map(({ name }) => name);
      expect(events.includes("notification.published")).toBe(went);
    }
  });

  test("what is scheduled and due is found by the sweep, once", async () => {
    const { publicationId } = await publish(ada, wanted({ sendAt: new Date(clock.nowMs() + 60_000).toISOString() }));
    const ids = async () => (await duePublications(100)).map(({ id }) => id);
    expect(await ids()).not.toContain(publicationId);
    await clock.at(new Date(clock.nowMs() + 61_000), async () => expect(await ids()).toContain(publicationId));
    await start(publicationId);
    await clock.at(new Date(clock.nowMs() + 61_000), async () => expect(await ids()).not.toContain(publicationId));
  });
});

test("an organization that was founded to send mail runs into the hourly limits", async () => {
  await asSystem("sweep", (tx) => tx.delete(rateLimits));
  const emails = (from: number) => Array.from({ length: 500 }, (_, index) => `p${from + index}@out.example`);
  await publish(ada, wanted({ audience: { emails: emails(0) } }));
  const refused = await refusal(publish(ada, wanted({ audience: { emails: emails(500) } })));
  expect(refused.code).toBe("TOO_MANY_REQUESTS");
  expect(refused.extra.retryAfterSeconds).toBeGreaterThan(0);
  await publish(stranger, parseInput(publishInput, { template: "theirs", audience: { emails: ["x@out.example"] }, variables: { version: "1" } }));
  await asSystem("sweep", (tx) => tx.delete(rateLimits));
  // Who founds another organization has no more strangers to write to for it.
  const another = (await foundOrganization(ada.email, "Another")).owner;
  await createTemplate(another, draft());
  await publish(ada, wanted({ audience: { emails: emails(1000) } }));
  expect((await refusal(publish(another, wanted({ audience: { emails: ["one@out.example"] } })))).code).toBe("TOO_MANY_REQUESTS");
  await asSystem("sweep", (tx) => tx.delete(rateLimits));
  for (let count = 0; count < 60; count += 1) await publish(ada, wanted());
  expect((await refusal(publish(ada, wanted()))).code).toBe("TOO_MANY_REQUESTS");
  expect(await asSystem("sweep", (tx) => tx.select({ id: publications.id }).from(publications).where(eq(publications.organizationId, stranger.organizationId)))).toHaveLength(1);
});
