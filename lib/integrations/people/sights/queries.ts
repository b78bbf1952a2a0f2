import { and, eq, not, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { openProjects } from "../../connections/tables";
import { oauthCredentials } from "../../credentials/tables";
import { jiraIssues } from "../../issues/tables";
import type { ConnectionMetadata } from "../../plugin";
import { JiraError } from "../../plugins/jira/client";
import { isVisibleInJira } from "../../plugins/jira/sight";
import { pluginPeople, sights } from "../tables";
import { verdict, type Knowledge } from "./rules";

/** As much of a connection as it takes to ask there. */
export interface Place {
  id: string;
  plugin: string;
  metadata: ConnectionMetadata;
}

export interface Thing {
  /** `issue:10042`, `project:10001`. */
  entity: string;
  projectId: string | null;
  /** It was deleted: nobody can be asked about it any more. */
  gone?: boolean;
  /** It has been tried for days: who cannot be asked counts as not seeing it, so that it stands in nobody's way any longer. */
  lastTry?: boolean;
}

interface Person {
  memberId: string;
  accountId: string;
  credentialId: string;
  broken: boolean;
}

/** Requests under way at once for one event: enough to be quick, few enough to leave the site's budget to others. */
const askedAtOnce = 8;

/**
 * Which of these members may see a thing over there: whoever linked their account, what it sees (answers are believed for minutes);
 * whoever has none, what is open to a workspace of theirs.
 * @throws JiraError (rate-limited, unavailable) when somebody could not be asked for now. What was answered until then is kept.
 */
export async function maySee(tenant: Tenant, place: Place, thing: Thing, memberIds: string[]): Promise<Map<string, boolean>> {
  const { visible, unasked } = await whoSees(tenant, place, thing, memberIds);
  const [first] = unasked.values();
  if (first) throw first;
  return visible;
}

/** The same where one grant that is no good for now is its owner's matter: they are `unasked`, with the reason, and the others are answered for. */
export async function whoSees(tenant: Tenant, place: Place, thing: Thing, memberIds: string[]): Promise<{ visible: Map<string, boolean>; unasked: Map<string, JiraError> }> {
  if (memberIds.length === 0) return { visible: new Map(), unasked: new Map() };
  const known = await inTenant(tenant, (tx) => knowledgeOf(tx, tenant, place, thing, memberIds));
  const nowMs = clock.nowMs();
  const verdicts = memberIds.map((memberId) => {
    const { person, ...knowledge } = known.get(memberId) ?? { person: null, account: null, sight: null, open: false };
    return { memberId, person, verdict: verdict(knowledge, thing.gone ?? false, nowMs) };
  });
  const { answers, unasked } = await ask(tenant, place, thing, verdicts.flatMap(({ person, verdict }) => (verdict === "ask" && person ? [person] : [])));
  return { visible: new Map(verdicts.map(({ memberId, verdict }) => [memberId, verdict === "ask" ? answers.get(memberId) === true : verdict])), unasked };
}

/** The same for somebody who looks. */
export async function maySeeIssue(member: Member, place: Place, issue: { id: string; projectId: string | null }): Promise<boolean> {
  const answers = await maySee(member, place, { entity: `issue:${issue.id}`, projectId: issue.projectId }, [member.id]);
  return answers.get(member.id) === true;
}

async function knowledgeOf(tx: Tx, tenant: Tenant, place: Place, thing: Thing, memberIds: string[]): Promise<Map<string, Knowledge & { person: Person | null }>> {
  const among = sql`any(${textArray(memberIds)})`;
  const people = await tx
    .select({
      memberId: pluginPeople.memberId,
      accountId: pluginPeople.accountId,
      credentialId: pluginPeople.credentialId,
      broken: sql<boolean>`${oauthCredentials.brokenAt} is not null`,
      visible: sights.visible,
      checkedAt: sights.checkedAt,
    })
    .from(pluginPeople)
    .innerJoin(oauthCredentials, eq(oauthCredentials.id, pluginPeople.credentialId))
    .leftJoin(sights, and(eq(sights.connectionId, place.id), eq(sights.entity, thing.entity), eq(sights.accountId, pluginPeople.accountId)))
    .where(and(eq(pluginPeople.organizationId, tenant.organizationId), eq(pluginPeople.plugin, place.plugin), sql`${pluginPeople.memberId} = ${among}`));
  const open = thing.projectId ? await membersOfOpenProject(tx, place.id, { ...thing, projectId: thing.projectId }, memberIds) : new Set<string>();
  const personOf = new Map(people.map((person) => [person.memberId, person]));
  return new Map(
    memberIds.map((memberId) => {
      const person = personOf.get(memberId) ?? null;
      const sight = person?.checkedAt ? { visible: person.visible === true, checkedAtMs: person.checkedAt.getTime() } : null;
      return [memberId, { person, account: person && { broken: person.broken }, sight, open: open.has(memberId) }];
    }),
  );
}

/** As far as the thing itself is last known to be shown to everybody who sees its project. */
async function membersOfOpenProject(tx: Tx, connectionId: string, { entity, projectId }: { entity: string; projectId: string }, memberIds: string[]): Promise<Set<string>> {
  const restricted = sql`exists (select 1 from ${jiraIssues}
    where ${jiraIssues.connectionId} = ${connectionId} and ${jiraIssues.issueId} = ${entity.replace(/^issue:/, "")} and ${jiraIssues.facts} ->> 'restricted' = 'true')`;
  const rows = await tx
    .selectDistinct({ memberId: workspaceMembers.memberId })
    .from(openProjects)
    .innerJoin(workspaceMembers, eq(workspaceMembers.workspaceId, openProjects.workspaceId))
    .where(and(eq(openProjects.connectionId, connectionId), eq(openProjects.projectId, projectId), sql`${workspaceMembers.memberId} = any(${textArray(memberIds)})`, entity.startsWith("issue:") ? not(restricted) : undefined));
  return new Set(rows.map(({ memberId }) => memberId));
}

/** A few at a time. What was answered is kept even when somebody could not be asked, so that the next try has less to do. */
async function ask(tenant: Tenant, place: Place, thing: Thing, people: Person[]): Promise<{ answers: Map<string, boolean>; unasked: Map<string, JiraError> }> {
  const waiting = [...people];
  const unasked = new Map<string, JiraError>();
  const answers: { person: Person; visible: boolean }[] = [];
  const asker = async () => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      const asked = person;
      const visible = await isVisibleInJira(tenant, place.metadata, person.credentialId, thing.entity).catch((error: unknown) => {
        if (thing.lastTry) return null;
        if (error instanceof JiraError && error.ofGrant) {
          unasked.set(asked.memberId, error);
          return null;
        }
        // Who could not be asked now would fail the same way.
        waiting.length = 0;
        throw error;
      });
      // Their grant could not say: they do not see it, and nobody needs to remember that.
      if (visible !== null) answers.push({ person, visible });
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(askedAtOnce, people.length) }, asker));
  await remember(tenant, place, thing, answers);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  return { answers: new Map(answers.map(({ person, visible }) => [person.memberId, visible])), unasked };
}

async function remember(tenant: Tenant, place: Place, thing: Thing, answers: { person: Person; visible: boolean }[]): Promise<void> {
  if (answers.length === 0) return;
  const checkedAt = clock.now();
  await inTenant(tenant, (tx) =>
    tx
      .insert(sights)
      // One order for all: two that write the same rows at once cannot wait for each other.
      .values(
        answers
          .map(({ person, visible }) => ({ organizationId: tenant.organizationId, connectionId: place.id, entity: thing.entity, accountId: person.accountId, visible, checkedAt }))
          .sort((a, b) => (a.accountId < b.accountId ? -1 : 1)),
      )
      .onConflictDoUpdate({ target: [sights.connectionId, sights.entity, sights.accountId], set: { visible: sql`excluded.visible`, checkedAt: sql`excluded.checked_at` } }),
  );
}
