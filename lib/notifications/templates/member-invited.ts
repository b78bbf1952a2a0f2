import type { MailBody } from "./body";
import type { MemberInvitedContent } from "./content";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

export const memberInvited: MailTemplate<MemberInvitedContent> = {
  mail,
  push: ({ actor, organization }, { push }) => ({
    title: organization?.name ?? "",
    body: push("member.invited.body", { actor: actor?.name ?? "" }),
    discreet: push("member.invited.discreet"),
  }),
};

function mail({ inviterName, organizationName, joinUrl, expiresAt, email }: MemberInvitedContent, reader: Reader): MailBody {
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
