import { env } from "@/lib/platform/env";
import type { ConnectionBrokenContent } from "./content";
import type { MailTemplate } from "./template";

export const connectionBroken: MailTemplate<ConnectionBrokenContent> = {
  mail: ({ connection, cause, detail, since, organizationName, organizationSlug }, { t, formats, timeZone }) => {
    const about = { name: connection.name, cause };
    return {
      subject: t("connection.subject", about),
      preview: t("connection.preview", { cause }),
      kind: t("connection.kind"),
      title: connection.name,
      lead: t("connection.lead", about),
      parts: [
        {
          kind: "facts",
          rows: [
            { label: t("connection.since"), lines: [{ text: `${formats.dayTime(since)}, ${formats.zone(timeZone, since)}` }] },
            ...(detail ? [{ label: t("connection.detail", { name: connection.name }), lines: [{ text: detail }] }] : []),
          ],
        },
        { kind: "paragraph", text: t("connection.help", { cause }) },
        {
          kind: "buttons",
          label: null,
          buttons: [{ label: t("connection.open"), href: `${env().APP_URL}/${organizationSlug}/settings/integrations/${connection.id}`, primary: true }],
        },
      ],
      footer: [t("why.integrations", { organization: organizationName })],
    };
  },
  push: ({ connection, cause }, { push }) => ({
    title: push("connection.title", { name: connection?.name ?? "" }),
    body: push("connection.body", { cause: cause ?? "other" }),
    discreet: push("connection.discreet"),
  }),
};
