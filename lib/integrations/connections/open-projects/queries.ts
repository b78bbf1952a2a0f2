import { and, asc, eq } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaces } from "@/lib/organizations/tables";
import { jiraProjects, type JiraProject } from "../../plugins/jira/catalog";
import { JiraError } from "../../plugins/jira/client";
import { mayManageIntegrations } from "../../policy";
import { connectionOf, type Connection } from "../queries";
import { openProjects } from "../tables";

export interface OpenProject {
  projectId: string;
  projectKey: string;
  workspaceId: string;
  workspaceName: string;
  openedBy: string;
  createdAt: Date;
}

/** Which projects of a connection are open, and to whom; by key. @throws Refused FORBIDDEN. */
export async function openProjectsOf(member: Member, connectionId: string): Promise<OpenProject[]> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const rows = await inTenant(member, (tx) =>
    tx
      .select({
        projectId: openProjects.projectId,
        projectKey: openProjects.projectKey,
        workspaceId: openProjects.workspaceId,
        workspaceName: workspaces.name,
        opener: { name: users.name, email: users.email },
        createdAt: openProjects.createdAt,
      })
      .from(openProjects)
      .innerJoin(workspaces, eq(workspaces.id, openProjects.workspaceId))
      .innerJoin(members, eq(members.id, openProjects.openedBy))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(openProjects.organizationId, member.organizationId), eq(openProjects.connectionId, connectionId)))
      .orderBy(asc(openProjects.projectKey), asc(workspaces.name)),
  );
  return rows.map(({ opener, ...row }) => ({ ...row, openedBy: displayName(opener) }));
}

/** What could be opened. `projects` is null while the place cannot be asked. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function projectChoices(member: Member, connectionId: string): Promise<{ connection: Connection; projects: JiraProject[] | null }> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const connection = await connectionOf(member, connectionId);
  if (!connection) throw new Refused("NOT_FOUND");
  const { credentialId, metadata } = connection;
  if (!credentialId || !metadata.cloudId) return { connection, projects: null };
  try {
    return { connection, projects: await jiraProjects(member, { credentialId, cloudId: metadata.cloudId }) };
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    return { connection, projects: null };
  }
}
