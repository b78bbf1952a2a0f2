import { describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { ensurePerson } from "@/lib/platform/auth/people";
import { openSession } from "@/lib/platform/auth/sessions";
import { memberOfRequest } from "../actor";
import { createOrganization } from "../commands";
import { apiTokens } from "../tables";
import { foundOrganization, joinAs } from "../testing";
import { createApiToken, revokeApiToken } from "./commands";
import { scopes, type Scope } from "./inputs";
import { myTokens } from "./queries";

useTestDatabase({ API_TOKEN_REQUESTS_PER_MINUTE: "20" });

const call = (authorization: string, scope: Scope) =>
  memberOfRequest(new Request("http://localhost:3000/api/meetings", { headers: { authorization } }), scope);

let count = 0;
async function someone() {
  count += 1;
  return (await foundOrganization(`api${count}@token.example`, `Tokens ${count}`)).owner;
}

describe("a personal API token", () => {
  test("acts as its member, within its scopes", async () => {
    const member = await someone();
    const { secret } = await createApiToken(member, { name: "Export", scopes: ["meetings:read"] });
    expect(secret).toMatch(/^moim_[\w-]{43}$/);
    expect(await call(`Bearer ${secret}`, "meetings:read")).toMatchObject({ id: member.id, organizationId: member.organizationId });
    for (const scope of scopes.filter((other) => other !== "meetings:read")) {
      await expect(call(`Bearer ${secret}`, scope)).rejects.toMatchObject({ code: "FORBIDDEN", extra: { requiredScope: scope } });
    }
  });

  test("is shown once and kept as a hash", async () => {
    const member = await someone();
    const { secret } = await createApiToken(member, { name: "Once", scopes: ["dashboard:read"] });
    const stored = await asSystem("authentication", (tx) => tx.select().from(apiTokens));
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(await myTokens(member)).toMatchObject([{ name: "Once", lastFour: secret.slice(-4), lastUsedAt: null }]);
    await call(`Bearer ${secret}`, "dashboard:read");
    expect((await myTokens(member))[0]?.lastUsedAt).toBeInstanceOf(Date);
  });

  test("ends with its term and with its revocation", async () => {
    const member = await someone();
    const week = await createApiToken(member, { name: "Week", scopes: ["meetings:read"], days: 7 });
    const at = (days: number) => new Date(Date.now() + days * 86_400_000);
    await clock.at(at(6.9), () => call(`Bearer ${week.secret}`, "meetings:read"));
    await clock.at(at(7.1), () => expect(call(`Bearer ${week.secret}`, "meetings:read")).rejects.toMatchObject({ code: "SIGNED_OUT", status: 401 }));
    await revokeApiToken(member, week.id);
    await expect(call(`Bearer ${week.secret}`, "meetings:read")).rejects.toMatchObject({ code: "SIGNED_OUT" });
    expect(await myTokens(member)).toEqual([]);
  });

  test("can be revoked by its owner alone", async () => {
    const member = await someone();
    const colleague = await joinAs(member, "colleague@token.example", "admin");
    const stranger = await someone();
    const { id } = await createApiToken(member, { name: "Mine", scopes: ["meetings:read"] });
    for (const other of [colleague, stranger]) await expect(revokeApiToken(other, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await myTokens(colleague)).toEqual([]);
    expect(await myTokens(member)).toHaveLength(1);
  });

  test.each(["", "Bearer", "Bearer nonsense", "Basic bW9pbQ==", `Bearer moim_${"a".repeat(43)}`])("%j is refused with 401", async (authorization) => {
    await expect(call(authorization, "meetings:read")).rejects.toMatchObject({ code: "SIGNED_OUT" });
  });

  test("refuses unknown scopes, terms and empty names, naming the field", async () => {
    const member = await someone();
    const wrong = { name: " ", scopes: ["everything"], days: 1000 } as unknown as Parameters<typeof createApiToken>[1];
    await expect(createApiToken(member, wrong)).rejects.toMatchObject({
      code: "INVALID",
      fields: [{ path: ["name"], code: "required" }, { path: ["scopes", 0], code: "not-an-option" }, { path: ["days"], code: "not-an-option" }],
    });
    await expect(createApiToken(member, { name: "None", scopes: [] })).rejects.toMatchObject({ fields: [{ path: ["scopes"], code: "scopes" }] });
  });

  test("is slowed down when it asks too often", async () => {
    const member = await someone();
    const { secret } = await createApiToken(member, { name: "Busy", scopes: ["meetings:read"] });
    await clock.at("2026-11-30T10:00:00Z", async () => {
      for (let request = 0; request < 20; request += 1) await call(`Bearer ${secret}`, "meetings:read");
      await expect(call(`Bearer ${secret}`, "meetings:read")).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS", status: 429 });
    });
  });
});

describe("a session at the API", () => {
  test("acts in the organization that the request names, else in the one joined first", async () => {
    const person = await ensurePerson("both@token.example", { name: "Both" });
    const first = await createOrganization(person, { name: "First both" });
    const second = await createOrganization(person, { name: "Second both" });
    const other = await someone();
    await openSession(person.id, "cookie-of-both", null);
    const ask = (query: string, headers: Record<string, string> = {}) =>
      memberOfRequest(
        new Request(`http://localhost:3000/api/meetings${query}`, { headers: { cookie: "next-auth.session-token=cookie-of-both", ...headers } }),
        "meetings:write",
      );
    expect((await ask("")).organizationId).toBe(first.organizationId);
    expect((await ask(`?organization=${second.slug}`)).organizationId).toBe(second.organizationId);
    expect((await ask("", { "x-moim-organization": second.slug })).organizationId).toBe(second.organizationId);
    await expect(ask(`?organization=${other.organizationSlug}`)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(memberOfRequest(new Request("http://localhost:3000/api/meetings"), "meetings:read")).rejects.toMatchObject({ code: "SIGNED_OUT" });
  });
});
