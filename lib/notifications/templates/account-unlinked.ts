import { env } from "@/lib/platform/env";
import type { Part } from "./body";
import type { AccountUnlinkedContent } from "./content";
import type { MailTemplate } from "./template";

export const accountUnlinked: MailTemplate<AccountUnlinkedContent> = {
  mail: ({ accountName, detail, organizationName, organizationSlug }, { t }) => ({
    subject: t("account.subject", { name: accountName }),
    preview: t("account.preview"),
    kind: t("account.kind"),
    title: t("account.title"),
    lead: t("account.lead", { name: accountName }),
    parts: [
      ...(detail ? [{ kind: "facts", rows: [{ label: t("account.detail"), lines: [{ text: detail }] }] } satisfies Part] : []),
      { kind: "paragraph", text: t("account.help") },
      { kind: "buttons", label: null, buttons: [{ label: t("account.open"), href: `${env().APP_URL}/${organizationSlug}/settings/subscriptions`, primary: true }] },
    ],
    footer: [t("why.account", { organization: organizationName })],
  }),
  push: ({ accountName }, { push }) => ({
    title: push("account.title"),
    body: push("account.body", { name: accountName ?? "" }),
    discreet: push("account.discreet"),
  }),
};
