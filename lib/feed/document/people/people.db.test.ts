import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { inTenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { mentionable, namesOf } from "./queries";

useTestDatabase();

test("who may be told of a mention is in one of the workspaces now, once, and not who mentions them; names are known of everybody ever here", async () => {
  const { owner, workspaceId } = await foundOrganization("ada@people.example", "People");
  const { owner: foreign } = await foundOrganization("eve@people.example", "Foreign people");
  const [ben, cleo, dan] = [await joinAs(owner, "ben@people.example"), await joinAs(owner, "cleo@people.example"), await joinAs(owner, "dan@people.example")];
  await inTenant(owner, async (tx) => {
    const { organizationId } = owner;
    await tx.delete(workspaceMembers).where(eq(workspaceMembers.workspaceId, workspaceId));
    await tx.insert(workspaceMembers).values([owner, ben, dan].map(({ id: memberId }) => ({ organizationId, workspaceId, memberId })));
    await tx.update(members).set({ removedAt: new Date() }).where(and(eq(members.organizationId, organizationId), eq(members.id, dan.id)));
    const asked = [dan.id, cleo.id, ben.id, owner.id, ben.id, foreign.id, newId("member"), "nobody"];
    expect(await mentionable(tx, owner, asked, [workspaceId])).toEqual([ben.id]);
    expect(await mentionable(tx, owner, asked, [newId("workspace")])).toEqual([]);
    expect(await mentionable(tx, owner, asked, [])).toEqual([]);
    expect(await namesOf(tx, owner, asked)).toEqual(new Map([[dan.id, "dan"], [cleo.id, "cleo"], [ben.id, "ben"], [owner.id, "ada"]]));
    expect(await namesOf(tx, owner, [])).toEqual(new Map());
  });
});
