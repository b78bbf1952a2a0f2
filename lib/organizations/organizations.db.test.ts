import { describe, expect, test } from "vitest";
import { sql } from "drizzle-orm";
import { ensurePerson } from "@/lib/platform/auth/people";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { databaseClient } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { eq } from "drizzle-orm";
import { memberById, memberOfPerson } from "./actor";
import { addMember, createOrganization, createWorkspace, renameWorkspace } from "./commands";
import { auditLog, myOrganizations, organizationMembers, organizationSettings, organizationWorkspaces } from "./queries";
import { members, organizations } from "./tables";
import { foundOrganization, joinAs } from "./testing";

useTestDatabase();

const eventsOf = (organizationId: string) =>
  asSystem("relay", (tx) => tx.select().from(outboxEvents).where(eq(outboxEvents.organizationId, organizationId)).orderBy(outboxEvents.id));

describe("founding an organization", () => {
  test("makes the founder its owner, in a first workspace, and tells the world once", async () => {
    const { person, owner } = await foundOrganization("mina@seoul.example", "Seoul Studio");
    expect(owner).toMatchObject({ role: "owner", organizationSlug: "seoul-studio", email: "mina@seoul.example", name: "mina" });
    expect(await organizationWorkspaces(owner)).toMatchObject([{ name: "Seoul Studio", memberCount: 1 }]);
    expect((await eventsOf(owner.organizationId)).map((event) => event.name)).toEqual(["organization.created", "member.joined"]);
    expect(await myOrganizations(person)).toEqual([{ slug: "seoul-studio", name: "Seoul Studio", role: "owner" }]);
    expect((await auditLog(owner)).entries).toMatchObject([{ action: "organization.created", actorName: "mina" }]);
  });

  test("gives two organizations of one name, founded at once, two addresses", async () => {
    const people = await Promise.all(["a@twins.example", "b@twins.example", "c@twins.example"].map((email) => ensurePerson(email)));
    const made = await Promise.all(people.map((person) => createOrganization(person, { name: "Twins" })));
    expect(made.map(({ slug }) => slug).sort()).toEqual(["twins", "twins-2", "twins-3"]);
  });

  test("takes the zone of a newcomer's browser for their own; a second organization leaves what they have", async () => {
    const person = await ensurePerson("traveller@seoul.example");
    const first = await createOrganization(person, { name: "First", timeZone: "Asia/Seoul" });
    await createOrganization(person, { name: "Second", timeZone: "Europe/Paris" });
    expect(await memberById(systemTenant(first.organizationId), first.memberId)).toMatchObject({ timeZone: "Asia/Seoul" });
  });

  test("is done so often in a day by one person, and not more often", async () => {
    const person = await ensurePerson("serial@founders.example");
    for (let count = 0; count < 20; count += 1) await createOrganization(person, { name: "Another" });
    await expect(createOrganization(person, { name: "Another" })).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    await createOrganization(await ensurePerson("first@founders.example"), { name: "Another" });
  });

  test("asks for a name", async () => {
    const person = await ensurePerson("noname@example.com");
    await expect(createOrganization(person, { name: "  " })).rejects.toMatchObject({
      code: "INVALID",
      fields: [{ path: ["name"], code: "required" }],
    });
  });
});

describe("a member of one organization", () => {
  test("reads and changes nothing of another", async () => {
    const here = await foundOrganization("here@a.example", "Alpha");
    const there = await foundOrganization("there@b.example", "Beta");
    expect((await organizationMembers(here.owner)).map((member) => member.email)).toEqual(["here@a.example"]);
    expect((await organizationMembers(here.owner, { search: "b.example" }))).toEqual([]);
    expect((await organizationSettings(here.owner)).name).toBe("Alpha");
    expect((await auditLog(here.owner)).entries).toHaveLength(1);
    await expect(renameWorkspace(here.owner, there.workspaceId, "Mine")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await memberById(here.owner, there.owner.id)).toBeNull();
    await expect(
      addMember(here.owner, here.person, { workspaceIds: [there.workspaceId] }),
    ).rejects.toMatchObject({ code: "ALREADY_MEMBER" });
    const newcomer = await ensurePerson("newcomer@a.example");
    await expect(addMember(here.owner, newcomer, { workspaceIds: [there.workspaceId] })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await organizationMembers(here.owner)).toHaveLength(1);
  });

  test("is held back by the database itself when a query forgets its WHERE", async () => {
    const here = await foundOrganization("here@c.example", "Gamma");
    await foundOrganization("there@d.example", "Delta");
    const tables = ["organizations", "workspaces", "members", "workspace_members", "audit_entries", "outbox_events"];
    for (const table of tables) {
      const column = table === "organizations" ? "id" : "organization_id";
      const seen = await inTenant(here.owner, (tx) =>
        tx.execute<{ tenant: string }>(sql`select distinct ${sql.identifier(column)} as tenant from ${sql.identifier(table)}`),
      );
      expect([table, seen.map((row) => row.tenant)]).toEqual([table, [here.owner.organizationId]]);
      const [unscoped] = await databaseClient().unsafe<{ count: number }[]>(`select count(*)::int as count from ${table}`);
      expect([table, unscoped?.count]).toEqual([table, 0]);
    }
  });

  test("cannot write a row into another organization even with its id in hand", async () => {
    const here = await foundOrganization("here@e.example", "Epsilon");
    const there = await foundOrganization("there@f.example", "Zeta");
    await expect(
      inTenant(here.owner, (tx) =>
        tx.insert(members).values({ organizationId: there.owner.organizationId, userId: here.person.id, role: "owner" }),
      ),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining("row-level security") } });
    await inTenant(here.owner, (tx) => tx.update(organizations).set({ name: "Taken over" }));
    expect((await organizationSettings(there.owner)).name).toBe("Zeta");
  });
});

describe("workspaces", () => {
  test("are made and renamed by admins only, and the change is in the audit log", async () => {
    const { owner } = await foundOrganization("boss@w.example", "Workshop");
    const admin = await joinAs(owner, "admin@w.example", "admin");
    const colleague = await joinAs(owner, "colleague@w.example");
    await expect(createWorkspace(colleague, "Secret")).rejects.toMatchObject({ code: "FORBIDDEN" });
    const { workspaceId } = await createWorkspace(admin, "디자인");
    await renameWorkspace(admin, workspaceId, "디자인 팀");
    expect(await organizationWorkspaces(owner)).toMatchObject([{ slug: "workshop" }, { slug: "dijain", name: "디자인 팀" }]);
    expect((await auditLog(owner)).entries.map((entry) => [entry.action, entry.actorName])).toEqual([
      ["workspace.renamed", "admin"],
      ["workspace.created", "admin"],
      ["organization.created", "boss"],
    ]);
    await expect(auditLog(colleague)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("members", () => {
  test("are found by name or address for the attendee picker", async () => {
    const { owner } = await foundOrganization("zoe@p.example", "Picker");
    await joinAs(owner, "100%@p.example");
    await joinAs(owner, "adam@p.example");
    expect((await organizationMembers(owner)).map(({ name }) => name)).toEqual(["100%", "adam", "zoe"]);
    expect((await organizationMembers(owner, { search: "ADA" })).map(({ name }) => name)).toEqual(["adam"]);
    expect((await organizationMembers(owner, { search: "0%" })).map(({ name }) => name)).toEqual(["100%"]);
    expect(await organizationMembers(owner, { search: "%%" })).toEqual([]);
  });

  test("who are added twice at once are one member", async () => {
    const { owner } = await foundOrganization("host@q.example", "Queue");
    const person = await ensurePerson("twice@q.example");
    const outcomes = await Promise.allSettled([1, 2].map(() => addMember(systemTenant(owner.organizationId), person)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await organizationMembers(owner)).toHaveLength(2);
  });
});

test("an address that no organization can have is nobody's", async () => {
  const { owner } = await foundOrganization("ada@address.example", "Address");
  expect(await memberOfPerson({ id: owner.userId }, owner.organizationSlug)).toMatchObject({ id: owner.id });
  for (const slug of [`${owner.organizationSlug}\u0000`, "\u0000", "nowhere"]) expect(await memberOfPerson({ id: owner.userId }, slug)).toBeNull();
});
