import { and, eq } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { workspaces } from "@/lib/organizations/tables";
import { mayManageIntegrations } from "../../policy";
import { connectionIn } from "../queries";
import { openProjects } from "../tables";
import type { CloseProjectInput, OpenProjectInput } from "./inputs";

/**
 * Lets people of a workspace who linked no account hear of a project. Doing so again changes nothing.
 * @throws Refused FORBIDDEN, NOT_FOUND, INVALID (no such workspace).
 */
export async function openProject(member: Member, connectionId: string, { project, workspaceId }: OpenProjectInput): Promise<void> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const connection = await connectionIn(tx, member, connectionId);
    if (!connection) throw new Refused("NOT_FOUND");
    const [workspace] = await tx
      .select({ id: workspaces.id, name: workspaces.name })
      .from(workspaces)
      .where(and(eq(workspaces.organizationId, member.organizationId), eq(workspaces.id, workspaceId)));
    if (!workspace) throw refusedField("workspaceId", "unknown-workspace", describeFault("unknown-workspace"));
    const opened = await tx
      .insert(openProjects)
      .values({ organizationId: member.organizationId, connectionId, ...project, workspaceId, openedBy: member.id, createdAt: clock.now() })
      .onConflictDoNothing()
      .returning({ projectId: openProjects.projectId });
    if (opened.length > 0) await audit(tx, member, [{ action: "connection.changed", subject: connection.name, detail: { opened: project.projectKey, workspace: workspace.name } }]);
  });
}

/** From now on only those who may see it over there hear of it. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function closeProject(member: Member, connectionId: string, { projectId, workspaceId }: CloseProjectInput): Promise<void> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const connection = await connectionIn(tx, member, connectionId);
    if (!connection) throw new Refused("NOT_FOUND");
    const closed = await tx
      .delete(openProjects)
      .where(
        and(
          eq(openProjects.organizationId, member.organizationId),
          eq(openProjects.connectionId, connectionId),
          eq(openProjects.projectId, projectId),
          eq(openProjects.workspaceId, workspaceId),
        ),
      )
      .returning({ projectKey: openProjects.projectKey });
    await audit(tx, member, closed.map(({ projectKey }) => ({ action: "connection.changed" as const, subject: connection.name, detail: { closed: projectKey } })));
  });
}
