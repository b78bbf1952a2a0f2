import { and, eq, inArray, isNull, or, sql, type SQL } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { addressKey } from "../addresses/queries";
import type { AudienceSpec } from "../inputs";
import { threadMutes } from "../preferences/tables";
import type { TopicChoice } from "../topics/inputs";

/** Who a set stands for right now. Removed members are nobody; whoever is named by an address counts as the member they are. */
function memberOf(tenant: Tenant, spec: AudienceSpec): SQL | undefined {
  const { everyone, roles = [], memberIds = [], otherwiseRoles = [], emails = [] } = spec;
  const ids = idsOf(tenant, spec);
  const named: (SQL | undefined)[] = [
    roles.length > 0 ? inArray(members.role, roles) : undefined,
    ids.length > 0 ? sql`${members.id} in (${sql.join(ids, sql` union all `)})` : undefined,
    otherwiseRoles.length > 0
      ? and(
          inArray(members.role, otherwiseRoles),
          sql`not exists (select 1 from members still where still.organization_id = ${tenant.organizationId} and still.id = any(${sql.param(memberIds)}::text[]) and still.removed_at is null)`,
        )
      : undefined,
    emails.length > 0 ? sql`${members.userId} in (select ${users.id} from ${users} where ${users.email} = any(${sql.param(emails.map(addressKey))}::text[]))` : undefined,
  ];
  return and(eq(members.organizationId, tenant.organizationId), isNull(members.removedAt), everyone ? undefined : (or(...named) ?? sql`false`), ...narrowed(tenant, spec));
}

/** One list of ids instead of one condition each: a handful of people is then looked up by their ids, whatever the organization's size. */
const idsOf = (tenant: Tenant, { memberIds = [], workspaceIds = [], followersOf = [] }: AudienceSpec): SQL[] => [
  ...(memberIds.length > 0 ? [sql`select unnest(${sql.param(memberIds)}::text[])`] : []),
  ...(workspaceIds.length > 0
    ? [sql`select ${workspaceMembers.memberId} from ${workspaceMembers} where ${workspaceMembers.workspaceId} = any(${sql.param(workspaceIds)}::text[])`]
    : []),
  ...(followersOf.length > 0 ? [choosers(tenant, followersOf, "following")] : []),
];

/** Asked when they are told: who has left the workspaces since, or muted the topic a second ago, is not told. */
function narrowed(tenant: Tenant, { within, exceptMemberIds = [], withoutMutersOf = [] }: AudienceSpec): (SQL | undefined)[] {
  return [
    within
      ? sql`exists (select 1 from ${workspaceMembers} where ${workspaceMembers.memberId} = ${members.id} and ${workspaceMembers.workspaceId} = any(${sql.param(within)}::text[]))`
      : undefined,
    exceptMemberIds.length > 0 ? sql`${members.id} <> all(${sql.param(exceptMemberIds)}::text[])` : undefined,
    withoutMutersOf.length > 0 ? sql`${members.id} not in (${choosers(tenant, withoutMutersOf, "muted")})` : undefined,
  ];
}

const choosers = (tenant: Tenant, topics: string[], choice: TopicChoice) =>
  sql`select chosen.member_id from topic_standings chosen where chosen.organization_id = ${tenant.organizationId} and chosen.topic = any(${sql.param(topics)}::text[]) and chosen.choice = ${choice}`;

/** The next `limit` members of a set by id, after the one named; ids as one text, which is read far faster than as many rows. */
export async function nextMembers(tx: Tx, tenant: Tenant, spec: AudienceSpec, after: string, limit: number): Promise<string[]> {
  const [row] = await tx.execute<{ ids: string | null }>(sql`
    select string_agg(id, ' ' order by id) as ids from (
      select ${members.id} as id from ${members} where ${and(memberOf(tenant, spec), sql`${members.id} > ${after}`)} order by ${members.id} limit ${limit}
    ) as next`);
  return row?.ids ? row.ids.split(" ") : [];
}

/** The addresses of a set that belong to no member: people without an account. */
export async function guestsOf(tx: Tx, tenant: Tenant, { emails = [] }: AudienceSpec): Promise<string[]> {
  const keys = [...new Set(emails.map(addressKey))];
  if (keys.length === 0) return [];
  const known = await tx
    .select({ email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, tenant.organizationId), isNull(members.removedAt), inArray(users.email, keys)));
  const memberAddresses = new Set(known.map(({ email }) => email));
  return keys.filter((address) => !memberAddresses.has(address));
}

/** Which of these addresses want no mail of this thread. */
export async function threadMutedBy(tx: Tx, tenant: Tenant, thread: string, addresses: string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const rows = await tx
    .select({ recipient: threadMutes.recipient })
    .from(threadMutes)
    .where(and(eq(threadMutes.organizationId, tenant.organizationId), eq(threadMutes.thread, thread), inArray(threadMutes.recipient, addresses)));
  return new Set(rows.map(({ recipient }) => recipient));
}
