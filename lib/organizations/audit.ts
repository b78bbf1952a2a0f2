import { clock } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db/client";
import type { Member } from "./actor";
import { auditEntries } from "./tables";

export const auditActions = [
  "organization.created",
  "organization.changed",
  "workspace.created",
  "workspace.renamed",
  "invitation.sent",
  "invitation.resent",
  "invitation.revoked",
  "member.role-changed",
  "member.removed",
  "notifications.default-changed",
  "template.created",
  "template.changed",
  "template.archived",
  "template.restored",
  "notification.requested",
  "notification.cancelled",
  "delivery.replayed",
  "deliveries.replayed",
  "event.replayed",
  "connection.established",
  "connection.reconnected",
  "connection.paused",
  "connection.resumed",
  "connection.disconnected",
  "connection.changed",
  "connection.secret-rotated",
  "webhooks.replayed",
  "endpoint.created",
  "endpoint.changed",
  "endpoint.paused",
  "endpoint.resumed",
  "endpoint.deleted",
  "endpoint.secret-rotated",
  "endpoint.replayed",
  "subscription.created",
  "subscription.changed",
  "subscription.deleted",
  "workspace.member-added",
  "workspace.member-removed",
  "feed.created",
  "feed.changed",
  "feed.archived",
  "feed.restored",
  "article.deleted",
  "comment.deleted",
  "media.quota-changed",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Writes what an admin did, in the transaction that does it. `subject` is what a reader recognizes: an address, a name. */
export async function audit(
  tx: Tx,
  actor: Pick<Member, "organizationId" | "id">,
  entries: { action: AuditAction; subject: string; detail?: Record<string, unknown> }[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.insert(auditEntries).values(
    entries.map(({ action, subject, detail = {} }) => ({
      organizationId: actor.organizationId,
      actorId: actor.id,
      action,
      subject,
      detail,
      createdAt: clock.now(),
    })),
  );
}
