import type { MailBody } from "./body";
import type { MemberInvitedContent } from "./content";
import type { Reader } from "./reader";

export function memberInvited({ inviterName, organizationName, joinUrl, expiresAt, email }: MemberInvitedContent, reader: Reader): MailBody {
  const { t, formats } = reader;
  const names = { inviter: inviterName, organization: organizationName };
  return {
    subject: t("member.subject", names),
    preview: t("member.preview", names),
    kind: t("member.kind"),
    title: organizationName,
    lead: t("member.lead", names),
    parts: [
      { kind: "prose", label: t("member.whatLabel"), text: t("member.what") },
      { kind: "buttons", label: null, buttons: [{ label: t("member.join", names), href: joinUrl, primary: true }] },
      { kind: "note", text: t("member.valid", { until: formats.longDay(expiresAt) }) },
    ],
    footer: [t("why.member", { ...names, email }), t("member.unknown")],
  };
}
