import { and, desc, eq, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { taggedCache } from "@/lib/platform/cache";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { connectionOf, type Connection } from "../../connections/queries";
import { openProjects } from "../../connections/tables";
import type { IssueFacts } from "../../events";
import { jiraIssues } from "../../issues/tables";
import { personOf } from "../../people/queries";
import { pluginPeople } from "../../people/tables";
import { jiraNames, type JiraNames } from "../../plugins/jira/catalog";
import { JiraError } from "../../plugins/jira/client";
import { mayManageIntegrations } from "../../policy";

/** What the fields of a filter offer. Whatever is not among it can be typed. */
export interface Suggestions extends JiraNames {
  /** Colleagues with an account over there. */
  assignees: { id: string; name: string }[];
}

/**
 * Names change rarely, and a form asks with every opening. Kept for each grant and process, and cleared by nothing but time: a new label
 * may be missing for five minutes.
 */
const kept = taggedCache<JiraNames>("subscription-suggestions", { max: 200, lifeMs: 5 * 60_000 });

/**
 * Managers are offered what the connection's own grant sees, everybody else what theirs does; names of projects can be secret. When Jira
 * cannot be asked, what came in so far helps out. @throws Refused NOT_FOUND.
 */
export async function suggestionsFor(member: Member, connectionId: string): Promise<Suggestions> {
  const connection = await connectionOf(member, connectionId);
  if (!connection) throw new Refused("NOT_FOUND");
  const [names, assignees] = await Promise.all([namesFor(member, connection), colleagues(member, connection)]);
  return { ...names, assignees };
}

async function namesFor(member: Member, connection: Connection): Promise<JiraNames> {
  const credentialId = mayManageIntegrations(member) ? connection.credentialId : await ownCredential(member, connection);
  const { cloudId } = connection.metadata;
  if (credentialId && cloudId) {
    try {
      return await kept.read(`suggestions:${connection.id}:${credentialId}`, () => jiraNames(member, { credentialId, cloudId }));
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
    }
  }
  return inTenant(member, (tx) => namesInLog(tx, member, connection.id));
}

async function ownCredential(member: Member, { plugin }: Connection): Promise<string | null> {
  const person = await personOf(member, member.id, plugin);
  return person && !person.broken ? person.credentialId : null;
}

const issuesMax = 1_000;

/** What the newest issues are called, among those that this member may know of without asking. */
async function namesInLog(tx: Tx, member: Member, connectionId: string): Promise<JiraNames> {
  const open = sql`exists (select 1 from ${openProjects} join ${workspaceMembers} on ${workspaceMembers.workspaceId} = ${openProjects.workspaceId}
    where ${openProjects.connectionId} = ${jiraIssues.connectionId} and ${openProjects.projectId} = ${jiraIssues.projectId} and ${workspaceMembers.memberId} = ${member.id})
    and ${jiraIssues.facts} ->> 'restricted' is distinct from 'true'`;
  const rows = await tx
    .select({ facts: jiraIssues.facts })
    .from(jiraIssues)
    .where(and(eq(jiraIssues.organizationId, member.organizationId), eq(jiraIssues.connectionId, connectionId), mayManageIntegrations(member) ? undefined : open))
    .orderBy(desc(jiraIssues.updatedAt))
    .limit(issuesMax);
  const all = (of: (facts: IssueFacts) => (string | null)[]) => [...new Set(rows.flatMap(({ facts }) => of(facts).filter((name) => name !== null)))].sort((a, b) => a.localeCompare(b));
  return {
    projects: [...new Map(rows.map(({ facts }) => [facts.project.id, facts.project])).values()].sort((a, b) => a.key.localeCompare(b.key)),
    issueTypes: all(({ type }) => [type]),
    statuses: all(({ status }) => [status]),
    labels: all(({ labels }) => labels),
  };
}

async function colleagues(member: Member, { plugin }: Connection): Promise<Suggestions["assignees"]> {
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ id: pluginPeople.accountId, name: users.name, email: users.email })
      .from(pluginPeople)
      .innerJoin(members, eq(members.id, pluginPeople.memberId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(pluginPeople.organizationId, member.organizationId), eq(pluginPeople.plugin, plugin), sql`${members.removedAt} is null`))
      .orderBy(sql`lower(coalesce(nullif(${users.name}, ''), ${users.email}))`)
      .limit(500),
  );
  return rows.map(({ id, ...person }) => ({ id, name: displayName(person) }));
}
