import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField, type FieldFault } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault, type FaultCode } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { members, workspaces } from "@/lib/organizations/tables";
import { mayManageTemplates } from "../custom-templates/policy";
import { publishedFacts, templateNamed, type CustomTemplate } from "../custom-templates/queries";
import { fillContent, valueFaults } from "../custom-templates/rules";
import { notificationPublished, publicationRequested } from "../events";
import type { AudienceSpec, Category } from "../inputs";
import type { CheckedPublish } from "./inputs";
import { audienceSize } from "./queries";
import { placeOf, specOf } from "./rules";
import { publications } from "./tables";

/** Everybody may found an organization, so these are also what keeps this from being a relay for strangers' mail. */
const publicationsPerHour = 60;
const outsideAddressesPerHour = 500;

const aheadMaxMs = 366 * 86_400_000;

/**
 * Writes down what is to be told to whom; a durable function starts it when its time has come. With `idempotencyKey`, a repeated
 * request answers the first one's publication.
 * @throws Refused FORBIDDEN, INVALID naming each field, IDEMPOTENCY_MISMATCH, TOO_MANY_REQUESTS.
 */
export async function publish(member: Member, input: CheckedPublish, options: { idempotencyKey?: string } = {}): Promise<{ publicationId: string }> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  await limitRate(`publications:${member.organizationId}`, publicationsPerHour, 3600);
  const outside = input.audience.emails.length;
  if (outside > 0) {
    await limitRate(`outside-addresses:${member.organizationId}`, outsideAddressesPerHour, 3600, outside);
    // Whoever founds another organization has no more for it.
    await limitRate(`outside-addresses-of:${member.userId}`, outsideAddressesPerHour, 3600, outside);
  }
  return inTenant(member, async (tx) => {
    const id = newId("notification");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "publish", input }, id);
      if (!claim.fresh) return { publicationId: claim.resultId };
    }
    const now = clock.now();
    const { template, audience } = await checked(tx, member, input, now);
    const sendAt = input.sendAt ? new Date(input.sendAt) : now;
    await tx.insert(publications).values({
      id,
      organizationId: member.organizationId,
      templateId: template.id,
      templateVersion: template.version,
      category: template.category,
      content: template.content,
      variables: input.variables,
      audience,
      channels: [...new Set(input.channels)],
      sendAt,
      requestedBy: member.id,
      createdAt: now,
    });
    await append(tx, member, publicationRequested, { actor: { memberId: member.id, name: member.name }, publicationId: id, sendAt: sendAt.toISOString() });
    await audit(tx, member, [{ action: "notification.requested", subject: template.name, detail: { publicationId: id } }]);
    return { publicationId: id };
  });
}

/** What would be published now, without publishing it: for a form that asks before it sends. @throws as `publish`. */
export async function checkPublication(member: Member, input: CheckedPublish): Promise<{ members: number; addresses: number; template: CustomTemplate }> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  return inTenant(member, async (tx) => {
    const { template, audience, size } = await checked(tx, member, input, clock.now());
    return { members: size, addresses: audience.emails?.length ?? 0, template };
  });
}

async function checked(tx: Tx, member: Member, input: CheckedPublish, now: Date): Promise<{ template: CustomTemplate; audience: AudienceSpec; size: number }> {
  const template = await templateNamed(tx, member, input.template);
  if (!template || template.archivedAt) throw refusedField("template", "unknown-template", describeFault("unknown-template"));
  const faults = [...valueFaults(template, input.variables), ...sendAtFaults(input.sendAt, now), ...(await audienceFaults(tx, member, input.audience))];
  if (faults.length > 0) throw new Refused("INVALID", { detail: "Some fields need another value.", fields: faults });
  const audience = await asMembersWherePossible(tx, member, specOf(input.audience));
  const size = await audienceSize(tx, member, audience);
  if (size === 0 && !audience.emails?.length) throw refusedField("audience", "audience-empty", describeFault("audience-empty"));
  if (audience.emails?.length && !input.channels.includes("email")) throw refusedField("channels", "addresses-need-email", describeFault("addresses-need-email"));
  return { template, audience, size };
}

const fault = (path: (string | number)[], code: FaultCode): FieldFault => ({ path, code, detail: describeFault(code) });

function sendAtFaults(sendAt: string | undefined, now: Date): FieldFault[] {
  if (sendAt === undefined) return [];
  const at = Date.parse(sendAt);
  if (at < now.getTime()) return [fault(["sendAt"], "in-the-past")];
  return at > now.getTime() + aheadMaxMs ? [fault(["sendAt"], "too-far")] : [];
}

/** An id of another organization is as unknown as one that never was. */
async function audienceFaults(tx: Tx, member: Member, audience: CheckedPublish["audience"]): Promise<FieldFault[]> {
  const own = async (rows: Promise<{ id: string }[]>) => new Set((await rows).map(({ id }) => id));
  const knownWorkspaces = await own(
    tx.select({ id: workspaces.id }).from(workspaces).where(and(eq(workspaces.organizationId, member.organizationId), inArray(workspaces.id, audience.workspaces))),
  );
  const knownMembers = await own(
    tx.select({ id: members.id }).from(members).where(and(eq(members.organizationId, member.organizationId), isNull(members.removedAt), inArray(members.id, audience.members))),
  );
  return [
    ...audience.workspaces.flatMap((id, index) => (knownWorkspaces.has(id) ? [] : [fault(["audience", "workspaces", index], "unknown-workspace")])),
    ...audience.members.flatMap((id, index) => (knownMembers.has(id) ? [] : [fault(["audience", "members", index], "unknown-member")])),
  ];
}

/** An address that is a member's means the member: their choices apply, and named twice they are told once. */
async function asMembersWherePossible(tx: Tx, member: Member, spec: AudienceSpec): Promise<AudienceSpec> {
  if (!spec.emails) return spec;
  const found = await tx
    .select({ id: members.id, email: sql<string>`lower(${users.email})` })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, member.organizationId), isNull(members.removedAt), inArray(sql`lower(${users.email})`, spec.emails)));
  const known = new Set(found.map(({ email }) => email));
  const { emails, memberIds = [], ...rest } = spec;
  const outside = emails.filter((email) => !known.has(email));
  const inside = [...new Set([...memberIds, ...found.map(({ id }) => id)])];
  return { ...rest, ...(inside.length > 0 ? { memberIds: inside } : {}), ...(outside.length > 0 ? { emails: outside } : {}) };
}

/**
 * Lets a publication go out, unless it was cancelled before; the lock on its row decides between the two.
 * Done again it changes nothing.
 */
export async function startPublication(tenant: Tenant, publicationId: string): Promise<{ started: boolean }> {
  return inTenant(tenant, async (tx) => {
    const publication = await lockPublication(tx, tenant, publicationId);
    if (publication?.state !== "scheduled") return { started: false };
    await tx.update(publications).set({ state: "sending", startedAt: clock.now() }).where(eq(publications.id, publicationId));
    const name = await nameOf(tx, publication.requestedBy);
    const { publication: said } = publishedFacts(publicationId, name, fillContent(publication.content, publication.variables));
    await append(tx, tenant, notificationPublished, {
      // Nobody is told what they did themselves; whoever announces something to everybody is one of them.
      actor: { memberId: null, name },
      publication: {
        ...said,
        // Only what the input allows was stored.
        category: publication.category as Category,
        channels: publication.channels,
        workspaceId: placeOf(publication.audience),
        audience: publication.audience,
      },
    });
    return { started: true };
  });
}

/** Takes a publication back before it goes out. Doing so again changes nothing. @throws Refused FORBIDDEN, NOT_FOUND, ALREADY_SENT. */
export async function cancelPublication(member: Member, publicationId: string): Promise<void> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const publication = isId("notification", publicationId) ? await lockPublication(tx, member, publicationId) : undefined;
    if (!publication) throw new Refused("NOT_FOUND");
    if (publication.state === "cancelled") return;
    if (publication.state !== "scheduled") throw new Refused("ALREADY_SENT", { detail: "It has gone out already and cannot be called back." });
    await tx.update(publications).set({ state: "cancelled", settledAt: clock.now() }).where(eq(publications.id, publicationId));
    await audit(tx, member, [{ action: "notification.cancelled", subject: publication.content.en.subject, detail: { publicationId } }]);
  });
}

async function lockPublication(tx: Tx, tenant: Tenant, id: string): Promise<typeof publications.$inferSelect | undefined> {
  const [found] = await tx
    .select()
    .from(publications)
    .where(and(eq(publications.organizationId, tenant.organizationId), eq(publications.id, id)))
    .for("update");
  return found;
}

async function nameOf(tx: Tx, memberId: string): Promise<string> {
  const [person] = await tx.select({ name: users.name, email: users.email }).from(members).innerJoin(users, eq(users.id, members.userId)).where(eq(members.id, memberId));
  return person ? displayName(person) : "";
}
