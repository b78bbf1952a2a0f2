import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { ensurePerson } from "@/lib/platform/auth/people";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { joinUrl, memberInvited, memberJoined } from "../events";
import { acceptInvitation } from "../joining/commands";
import { joinOffer } from "../joining/queries";
import { removeMember } from "../membership/commands";
import { auditLog, myOrganizations, organizationMembers, organizationWorkspaces } from "../queries";
import { createWorkspace } from "../commands";
import { foundOrganization, joinAs } from "../testing";
import type { Member } from "../actor";
import { inviteMembers, resendInvitation, revokeInvitation } from "./commands";
import { pendingInvitations } from "./queries";

useTestDatabase();

let count = 0;
/** An organization of its own for every test, so that their lists stay short. */
const anOrganization = () => {
  count += 1;
  return foundOrganization(`boss${count}@inv.example`, `Inviters ${count}`);
};

async function events<Name extends string>(member: Member, name: Name) {
  const rows = await asSystem("relay", (tx) =>
    tx
      .select()
      .from(outboxEvents)
      .where(and(eq(outboxEvents.organizationId, member.organizationId), eq(outboxEvents.name, name)))
      .orderBy(outboxEvents.id),
  );
  return rows.map((row) => row.payload);
}

/** The tokens of the links in the mails that were sent, oldest first. */
async function mailedTokens(member: Member): Promise<string[]> {
  const payloads = await events(member, memberInvited.name);
  return payloads.map((payload) => joinUrl(memberInvited.schema.parse(payload).invitation).split("/join/")[1] ?? "");
}

async function invited(email: string): Promise<{ owner: Member; token: string; invitationId: string }> {
  const { owner } = await anOrganization();
  await inviteMembers(owner, { addresses: email });
  const [token = ""] = await mailedTokens(owner);
  const [pending] = await pendingInvitations(owner);
  return { owner, token, invitationId: pending?.id ?? "" };
}

describe("inviting", () => {
  test("says for every pasted address what became of it", async () => {
    const { owner } = await anOrganization();
    await joinAs(owner, "here@inv.example");
    await inviteMembers(owner, { addresses: "again@inv.example" });
    const outcomes = await inviteMembers(owner, {
      addresses: "New One <new@inv.example>; here@inv.example, AGAIN@inv.example\nnot an address",
    });
    expect(outcomes).toEqual([
      { entry: "new@inv.example", outcome: "invited" },
      { entry: "here@inv.example", outcome: "already-member" },
      { entry: "again@inv.example", outcome: "renewed" },
      { entry: "not an address", outcome: "malformed" },
    ]);
    expect((await pendingInvitations(owner)).map(({ email, state }) => [email, state]).sort()).toEqual([
      ["again@inv.example", "sent"],
      ["new@inv.example", "sent"],
    ]);
    expect((await auditLog(owner)).entries.map(({ action, subject }) => [action, subject])).toEqual(
      expect.arrayContaining([
        ["invitation.sent", "new@inv.example"],
        ["invitation.resent", "again@inv.example"],
      ]),
    );
  });

  test("tells the outbox once an address, in the invited person's language or else the organization's", async () => {
    const { owner } = await anOrganization();
    await ensurePerson("korean@inv.example", { locale: "ko" });
    await inviteMembers(owner, { addresses: "korean@inv.example, stranger@inv.example", role: "admin" });
    expect(await events(owner, memberInvited.name)).toMatchObject([
      { actor: { memberId: owner.id }, invitation: { email: "korean@inv.example", locale: "ko", role: "admin", generation: 1 } },
      { invitation: { email: "stranger@inv.example", locale: "en" } },
    ]);
  });

  test("is for admins, and nobody invites above their own role", async () => {
    const { owner } = await anOrganization();
    const admin = await joinAs(owner, `admin${count}@inv.example`, "admin");
    const colleague = await joinAs(owner, `colleague${count}@inv.example`);
    await expect(inviteMembers(colleague, { addresses: "x@inv.example" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(inviteMembers(admin, { addresses: "x@inv.example", role: "owner" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(pendingInvitations(colleague)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await pendingInvitations(owner)).toEqual([]);
  });

  test("takes at most 100 people at a time and 300 an hour", async () => {
    const { owner } = await anOrganization();
    const list = (from: number, size: number) => Array.from({ length: size }, (_, index) => `p${from + index}@bulk.example`).join("\n");
    await expect(inviteMembers(owner, { addresses: list(0, 101) })).rejects.toMatchObject({ code: "INVALID", fields: [{ code: "too-many" }] });
    await clock.at("2026-04-01T09:00:00Z", async () => {
      for (const from of [0, 100, 200]) await inviteMembers(owner, { addresses: list(from, 100) });
      await expect(inviteMembers(owner, { addresses: "onemore@bulk.example" })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    });
  });

  test("the same list pasted twice at once renews instead of failing or doubling", async () => {
    const { owner } = await anOrganization();
    const list = Array.from({ length: 20 }, (_, index) => `twice${index}@inv.example`);
    await Promise.all([inviteMembers(owner, { addresses: list.join() }), inviteMembers(owner, { addresses: list.reverse().join() })]);
    expect(await pendingInvitations(owner)).toHaveLength(20);
    expect(await mailedTokens(owner)).toHaveLength(40);
  });

  test("another organization's invitations and workspaces do not exist", async () => {
    const { owner } = await anOrganization();
    const { invitationId } = await invited("theirs@inv.example");
    const there = await anOrganization();
    await expect(resendInvitation(owner, invitationId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(revokeInvitation(owner, invitationId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(inviteMembers(owner, { addresses: "x@inv.example", workspaceId: there.workspaceId })).rejects.toMatchObject({
      code: "INVALID",
      fields: [{ path: ["workspaceId"] }],
    });
    expect(await pendingInvitations(owner)).toEqual([]);
  });
});

describe("a join link", () => {
  test("shows who invites to what, and that it was opened", async () => {
    const { owner, token } = await invited("opens@inv.example");
    expect(await joinOffer(token)).toMatchObject({
      state: "open",
      email: "opens@inv.example",
      organizationName: owner.organizationName,
      inviterName: owner.name,
      personName: null,
    });
    expect(await pendingInvitations(owner)).toMatchObject([{ state: "opened" }]);
  });

  test("makes a new person a member with the role and workspace of the invitation, and tells the inviter", async () => {
    const { owner } = await anOrganization();
    const { workspaceId } = await createWorkspace(owner, "Design");
    await inviteMembers(owner, { addresses: "joins@inv.example", role: "admin", workspaceId });
    const [token = ""] = await mailedTokens(owner);
    const joined = await acceptInvitation(token, { name: "Jo Ins", locale: "fr", timeZone: "Europe/Paris" });
    expect(joined.organizationSlug).toBe(owner.organizationSlug);
    expect(await organizationMembers(owner, { search: "joins" })).toMatchObject([{ name: "Jo Ins", role: "admin", locale: "fr", timeZone: "Europe/Paris" }]);
    expect(await organizationWorkspaces(owner)).toMatchObject([{ memberCount: 1 }, { name: "Design", memberCount: 2 }]);
    expect((await events(owner, memberJoined.name)).at(-1)).toMatchObject({ invitedBy: owner.id, member: { name: "Jo Ins" } });
    expect(await pendingInvitations(owner)).toEqual([]);
  });

  test("keeps what an existing person has chosen for themselves", async () => {
    const person = await ensurePerson("chosen@inv.example", { name: "Chosen", locale: "ko", timeZone: "Asia/Seoul" });
    const { token } = await invited("chosen@inv.example");
    await acceptInvitation(token, { name: "Other", locale: "fr", timeZone: "Europe/Paris" });
    expect(await ensurePerson(person.email)).toMatchObject({ name: "Chosen", locale: "ko", timeZone: "Asia/Seoul" });
  });

  test("pressed twice at once makes one membership and one event", async () => {
    const { owner, token } = await invited("parallel@inv.example");
    const outcomes = await Promise.allSettled([acceptInvitation(token), acceptInvitation(token), acceptInvitation(token)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "LINK_USED" });
    expect(await organizationMembers(owner)).toHaveLength(2);
    expect((await events(owner, memberJoined.name)).filter((payload) => payload.invitedBy)).toHaveLength(1);
  });

  test("that was used, revoked, outdated, expired or altered joins nobody and says why", async () => {
    const used = await invited("used@inv.example");
    await acceptInvitation(used.token);
    await expect(acceptInvitation(used.token)).rejects.toMatchObject({ code: "LINK_USED" });
    expect((await joinOffer(used.token)).state).toBe("accepted");

    const revoked = await invited("revoked@inv.example");
    await revokeInvitation(revoked.owner, revoked.invitationId);
    await expect(acceptInvitation(revoked.token)).rejects.toMatchObject({ code: "LINK_EXPIRED" });
    expect((await joinOffer(revoked.token)).state).toBe("revoked");

    const outdated = await invited("outdated@inv.example");
    await resendInvitation(outdated.owner, outdated.invitationId);
    await expect(acceptInvitation(outdated.token)).rejects.toMatchObject({ code: "LINK_EXPIRED" });
    expect((await joinOffer(outdated.token)).state).toBe("superseded");
    await acceptInvitation((await mailedTokens(outdated.owner))[1] ?? "");

    const expired = await invited("expired@inv.example");
    const later = new Date(Date.now() + 15 * 86_400_000);
    await clock.at(later, () => expect(acceptInvitation(expired.token)).rejects.toMatchObject({ code: "LINK_EXPIRED" }));
    expect(await clock.at(later, () => pendingInvitations(expired.owner))).toMatchObject([{ state: "expired" }]);

    const altered = await invited("altered@inv.example");
    const [body = "", mac = ""] = altered.token.split(".");
    const forged = Buffer.from(Buffer.from(body, "base64url").toString().replace(/"g":1/, '"g":2')).toString("base64url");
    await expect(acceptInvitation(`${forged}.${mac}`)).rejects.toMatchObject({ code: "LINK_INVALID" });
    await expect(joinOffer("nonsense")).rejects.toMatchObject({ code: "LINK_INVALID" });
    expect(await organizationMembers(altered.owner)).toHaveLength(1);
  });

  test("cannot be revoked or resent once it was accepted", async () => {
    const { owner, token, invitationId } = await invited("done@inv.example");
    await acceptInvitation(token);
    await expect(revokeInvitation(owner, invitationId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(resendInvitation(owner, invitationId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("brings somebody who was removed back to their old membership", async () => {
    const { owner, token } = await invited("returns@inv.example");
    const first = await acceptInvitation(token);
    await removeMember(owner, first.memberId);
    expect(await inviteMembers(owner, { addresses: "returns@inv.example" })).toMatchObject([{ outcome: "invited" }]);
    const again = await acceptInvitation((await mailedTokens(owner))[1] ?? "");
    expect(again.memberId).toBe(first.memberId);
    expect(await myOrganizations(await ensurePerson("returns@inv.example"))).toHaveLength(1);
  });
});
