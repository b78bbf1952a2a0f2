import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { createWorkspace } from "../commands";
import { removeMember } from "../membership/commands";
import { auditLog } from "../queries";
import { workspaceMembers } from "../tables";
import { foundOrganization, joinAs } from "../testing";
import { addToWorkspace, leaveWorkspace, removeFromWorkspace } from "./commands";
import { addableTo, myWorkspaces, workspaceMembersOf, workspacePlace } from "./queries";

useTestDatabase();

let count = 0;
async function aHouse() {
  count += 1;
  const { owner, workspaceId: first } = await foundOrganization(`owner${count}@house.example`, `House ${count}`);
  const admin = await joinAs(owner, `admin${count}@house.example`, "admin");
  const member = await joinAs(owner, `member${count}@house.example`);
  const { workspaceId: studio } = await createWorkspace(owner, "Studio");
  return { owner, admin, member, first, studio };
}

const idsIn = async (...of: Parameters<typeof workspaceMembersOf>) => (await workspaceMembersOf(...of)).map(({ id }) => id);

describe("coming into a workspace", () => {
  test("admins add others and themselves, and the log says so once", async () => {
    const { owner, admin, member, studio } = await aHouse();
    expect(await addToWorkspace(admin, studio, [member.id, admin.id, member.id])).toEqual({ added: 2 });
    expect(await addToWorkspace(admin, studio, [member.id])).toEqual({ added: 0 });
    expect((await idsIn(owner, studio)).sort()).toEqual([owner.id, admin.id, member.id].sort());
    expect((await myWorkspaces(member)).map(({ name }) => name)).toEqual([owner.organizationName, "Studio"]);
    const said = (await auditLog(owner)).entries.filter(({ action }) => action === "workspace.member-added");
    expect(said.map(({ subject, detail }) => [subject, detail])).toEqual(
      expect.arrayContaining([
        [member.email, { workspace: "Studio" }],
        [admin.email, { workspace: "Studio" }],
      ]),
    );
    expect(said).toHaveLength(2);
  });

  test("a member adds nobody, not even themselves", async () => {
    const { member, studio } = await aHouse();
    await expect(addToWorkspace(member, studio, [member.id])).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(addableTo(member, studio)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("nobody of another organization, nobody who left, and nobody into a workspace elsewhere", async () => {
    const here = await aHouse();
    const there = await aHouse();
    const unknown = { code: "INVALID", fields: [{ path: ["memberIds"], code: "unknown-member" }] };
    await expect(addToWorkspace(here.owner, here.studio, [here.member.id, there.member.id])).rejects.toMatchObject(unknown);
    await expect(addToWorkspace(here.owner, there.studio, [here.member.id])).rejects.toMatchObject({ code: "NOT_FOUND" });
    await removeMember(here.owner, here.member.id);
    await expect(addToWorkspace(here.owner, here.studio, [here.member.id])).rejects.toMatchObject(unknown);
    expect(await idsIn(here.owner, here.studio)).toEqual([here.owner.id]);
    expect((await addableTo(here.owner, here.studio)).map(({ id }) => id)).toEqual([here.admin.id]);
  });
});

describe("going out of it", () => {
  test("everybody may leave, the last one too, and an admin comes back", async () => {
    const { owner, admin, studio } = await aHouse();
    await leaveWorkspace(owner, studio);
    expect(await idsIn(admin, studio)).toEqual([]);
    await expect(leaveWorkspace(owner, studio)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await addToWorkspace(admin, studio, [admin.id]);
    expect(await idsIn(admin, studio)).toEqual([admin.id]);
    expect((await auditLog(owner)).entries.map(({ action }) => action)).toContain("workspace.member-removed");
  });

  test("an admin removes others, a member does not", async () => {
    const { owner, admin, member, first } = await aHouse();
    await expect(removeFromWorkspace(member, first, admin.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await removeFromWorkspace(admin, first, member.id);
    expect(await idsIn(owner, first)).not.toContain(member.id);
    expect(await myWorkspaces(member)).toEqual([]);
  });

  test("who left the organization is not listed, although the row of their place stays", async () => {
    const { owner, member, first } = await aHouse();
    await removeMember(owner, member.id);
    expect(await idsIn(owner, first)).not.toContain(member.id);
    const rows = await inTenant(owner, (tx) => tx.select().from(workspaceMembers).where(and(eq(workspaceMembers.workspaceId, first), eq(workspaceMembers.memberId, member.id))));
    expect(rows).toHaveLength(1);
  });
});

describe("whose business it is", () => {
  test("its settings are for who is in it and for admins; to others there is no such workspace", async () => {
    const { owner, admin, member, studio } = await aHouse();
    const { slug } = (await myWorkspaces(owner)).find(({ id }) => id === studio) ?? { slug: "" };
    await expect(workspacePlace(member, slug)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(workspaceMembersOf(member, studio)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await workspacePlace(admin, slug)).toMatchObject({ id: studio, isIn: false, manages: true });
    await addToWorkspace(admin, studio, [member.id]);
    expect(await workspacePlace(member, slug)).toMatchObject({ id: studio, isIn: true, manages: false });
    expect(await idsIn(member, studio)).toContain(member.id);
    const there = await aHouse();
    await expect(workspacePlace(there.owner, "nowhere")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(workspacePlace(there.owner, `${slug}\u0000`)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(workspaceMembersOf(there.owner, studio)).resolves.toEqual([]);
  });
});
