import { env } from "@/lib/platform/env";
import type { MemberJoinedContent } from "./content";
import { inboxLine } from "./inbox-line";
import type { MailTemplate } from "./template";

export const memberJoined: MailTemplate<MemberJoinedContent> = {
  mail: ({ memberName, memberEmail, organizationName, organizationSlug }, { t }) => {
    const names = { name: memberName, organization: organizationName };
    return {
      subject: t("joined.subject", names),
      preview: t("joined.preview", { email: memberEmail }),
      kind: t("joined.kind"),
      title: memberName,
      lead: t("joined.lead", names),
      parts: [
        { kind: "facts", rows: [{ label: t("joined.address"), lines: [{ text: memberEmail }] }] },
        { kind: "link", label: t("joined.open"), href: `${env().APP_URL}/${organizationSlug}/settings/members` },
      ],
      footer: [t("why.joined", names)],
    };
  },
  push: ({ organization }, reader, matter) => ({
    title: organization?.name ?? "",
    body: inboxLine(matter, reader),
    discreet: reader.push("member.joined.discreet"),
  }),
};
