import { MailQuestion } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import type { Viewer } from "@/lib/platform/i18n/formats";
import { resendInvitationAction, revokeInvitationAction } from "@/lib/organizations/invitations/actions";
import type { PendingInvitation } from "@/lib/organizations/invitations/queries";
import { Moment } from "./moment";
import { SmallForm } from "./small-form";

interface Props {
  organization: string;
  invitations: PendingInvitation[];
  viewer: Viewer;
}

const tones: Record<PendingInvitation["state"], BadgeTone> = {
  sent: "neutral",
  opened: "accent",
  expired: "caution",
  accepted: "positive",
  revoked: "neutral",
};

export async function PendingList({ organization, invitations, viewer }: Props) {
  const t = await getTranslations("organizations");
  if (invitations.length === 0) {
    return (
      <EmptyState icon={MailQuestion} title={t("pending.emptyTitle")}>
        {t("pending.empty")}
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {invitations.map((invitation) => (
        <li key={invitation.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-56">
            <p className="flex flex-wrap items-center gap-2">
              <span className="min-w-0 font-medium break-all">{invitation.email}</span>
              <Badge tone={tones[invitation.state]}>{t(`pending.states.${invitation.state}`)}</Badge>
              {invitation.role !== "member" && <Badge>{t(`roles.${invitation.role}`)}</Badge>}
            </p>
            <p className="text-sm text-ink-muted">
              {t.rich("pending.by", { name: invitation.invitedByName, when: () => <Moment at={invitation.sentAt} viewer={viewer} /> })}
              {invitation.state !== "expired" && (
                <> · {t.rich("pending.expires", { when: () => <Moment at={invitation.expiresAt} viewer={viewer} /> })}</>
              )}
            </p>
          </div>
          <div className="flex gap-2">
            <SmallForm
              action={resendInvitationAction.bind(null, organization)}
              values={{ invitationId: invitation.id }}
              aria-label={t("pending.resendNamed", { email: invitation.email })}
            >
              {t("pending.resend")}
            </SmallForm>
            <SmallForm
              action={revokeInvitationAction.bind(null, organization)}
              values={{ invitationId: invitation.id }}
              variant="ghost"
              aria-label={t("pending.revokeNamed", { email: invitation.email })}
            >
              {t("pending.revoke")}
            </SmallForm>
          </div>
        </li>
      ))}
    </ul>
  );
}
