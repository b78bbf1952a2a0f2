import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { ensurePerson } from "@/lib/platform/auth/people";
import { sessionOfToken, type SignedIn } from "@/lib/platform/auth/session";
import { openSession } from "@/lib/platform/auth/sessions";
import { asSystem, asUser } from "@/lib/platform/db/client";
import { sessions } from "@/lib/platform/auth/tables";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { foundOrganization } from "../testing";
import { changeProfile, revokeOtherSessions, revokeSession } from "./commands";
import { mySessions } from "./queries";

useTestDatabase();

async function signedIn(email: string, token: string, userAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"): Promise<SignedIn> {
  const person = await ensurePerson(email);
  await openSession(person.id, token, userAgent);
  const session = await sessionOfToken(token);
  if (!session) throw new Error("not signed in");
  return session;
}

describe("sessions", () => {
  test("are listed with the asking one first, and revoking one ends it at once", async () => {
    const laptop = await signedIn("sessions@account.example", "laptop");
    const phone = await signedIn("sessions@account.example", "phone", "Mozilla/5.0 (iPhone) Safari/604.1");
    expect(await mySessions(laptop)).toMatchObject([
      { id: laptop.sessionId, isCurrent: true, browser: "Firefox", system: "Linux" },
      { id: phone.sessionId, isCurrent: false, browser: "Safari", system: "iPhone" },
    ]);
    await revokeSession(laptop, phone.sessionId);
    expect(await sessionOfToken("phone")).toBeNull();
    expect(await sessionOfToken("laptop")).not.toBeNull();
  });

  test("of another person can be neither seen nor ended", async () => {
    const mine = await signedIn("mine@account.example", "mine");
    const theirs = await signedIn("theirs@account.example", "theirs");
    await expect(revokeSession(mine, theirs.sessionId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await revokeOtherSessions(mine);
    expect(await sessionOfToken("theirs")).not.toBeNull();
    const seen = await asUser(mine.user.id, (tx) => tx.select({ userId: sessions.userId }).from(sessions));
    expect(new Set(seen.map(({ userId }) => userId))).toEqual(new Set([mine.user.id]));
  });

  test("everywhere else can be ended together", async () => {
    const here = await signedIn("many@account.example", "here");
    await signedIn("many@account.example", "there");
    await signedIn("many@account.example", "elsewhere");
    expect(await revokeOtherSessions(here)).toBe(2);
    expect(await mySessions(here)).toHaveLength(1);
  });
});

describe("the profile", () => {
  test("is what the next request sees", async () => {
    const session = await signedIn("profile@account.example", "profile");
    await changeProfile(session, { name: " 김민준 ", locale: "ko", timeZone: "Asia/Seoul", hourCycle: "h23", weekStart: "monday" });
    expect((await sessionOfToken("profile"))?.user).toMatchObject({ name: "김민준", locale: "ko", timeZone: "Asia/Seoul", hourCycle: "h23", weekStart: "monday" });
  });

  test("refuses zones that do not exist and offsets that know no daylight saving", async () => {
    const session = await signedIn("zones@account.example", "zones");
    for (const timeZone of ["Mars/Olympus", "+09:00", ""]) {
      await expect(changeProfile(session, { name: "Z", locale: "en", timeZone, hourCycle: "auto", weekStart: "auto" })).rejects.toMatchObject({
        fields: [{ path: ["timeZone"], code: "time-zone" }],
      });
    }
  });

  test("tells every organization of the person that their clock is another one, and only then", async () => {
    const session = await signedIn("moved@account.example", "moved");
    const [first, second] = [await foundOrganization("moved@account.example", "First"), await foundOrganization("moved@account.example", "Second")];
    const other = await foundOrganization("stays@account.example", "Third");
    const profile = { name: "M", locale: "en", timeZone: "Asia/Seoul", hourCycle: "auto", weekStart: "auto" } as const;
    await changeProfile(session, profile);
    await changeProfile(session, { ...profile, name: "N" });
    const told = await asSystem("relay", (tx) => tx.select({ organizationId: outboxEvents.organizationId, payload: outboxEvents.payload }).from(outboxEvents).where(eq(outboxEvents.name, "member.zone-changed")));
    const expected = [first, second].map(({ owner }) => ({ organizationId: owner.organizationId, payload: { member: { id: owner.id } } }));
    expect(told).toHaveLength(2);
    expect(told).toEqual(expect.arrayContaining(expected));
    expect(told.some(({ organizationId }) => organizationId === other.owner.organizationId)).toBe(false);
  });
});
