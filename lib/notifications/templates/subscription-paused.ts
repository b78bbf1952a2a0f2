import { env } from "@/lib/platform/env";
import type { SubscriptionPausedContent } from "./content";
import type { MailTemplate } from "./template";

export const subscriptionPaused: MailTemplate<SubscriptionPausedContent> = {
  mail: ({ endpoint, cause, detail, event, payload, waiting, organizationName, organizationSlug }, { t }) => ({
    subject: t("endpoint.subject", { name: endpoint.name }),
    preview: t("endpoint.preview", { waiting }),
    kind: t("endpoint.kind"),
    title: endpoint.name,
    lead: t("endpoint.lead", { name: endpoint.name, cause }),
    parts: [
      {
        kind: "facts",
        rows: [
          { label: t("endpoint.url"), lines: [{ text: endpoint.url }] },
          ...(detail ? [{ label: t("endpoint.detail"), lines: [{ text: detail }] }] : []),
          ...(event ? [{ label: t("endpoint.event"), lines: [{ text: event }] }] : []),
        ],
      },
      ...(payload ? [{ kind: "prose", label: t("endpoint.payload"), text: payload } as const] : []),
      { kind: "paragraph", text: t("endpoint.waiting", { waiting }) },
      {
        kind: "buttons",
        label: null,
        buttons: [{ label: t("endpoint.open"), href: `${env().APP_URL}/${organizationSlug}/settings/webhooks/${endpoint.id}`, primary: true }],
      },
    ],
    footer: [t("why.endpoint", { organization: organizationName })],
  }),
  push: ({ endpoint, cause, waiting }, { push }) => ({
    title: push("endpoint.title", { name: endpoint?.name ?? "" }),
    body: push("endpoint.body", { cause: cause ?? "other", waiting: waiting ?? 0 }),
    discreet: push("endpoint.discreet"),
  }),
};
