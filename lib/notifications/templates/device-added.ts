import { env } from "@/lib/platform/env";
import type { DeviceAddedContent } from "./content";
import type { MailTemplate } from "./template";

export const deviceAdded: MailTemplate<DeviceAddedContent> = {
  mail: ({ deviceName, addedAt, organizationName, organizationSlug, email }, { t, formats, timeZone }) => {
    const when = formats.exact(addedAt);
    return {
      subject: t("device.subject", { device: deviceName }),
      preview: t("device.preview", { when }),
      kind: t("device.kind"),
      title: t("device.title"),
      lead: t("device.lead", { organization: organizationName }),
      parts: [
        {
          kind: "facts",
          rows: [
            { label: t("device.name"), lines: [{ text: deviceName }] },
            { label: t("when"), lines: [{ text: `${formats.dayTime(addedAt)}, ${formats.zone(timeZone, addedAt)}` }] },
          ],
        },
        { kind: "note", text: t("device.notYou") },
        {
          kind: "buttons",
          label: null,
          buttons: [{ label: t("device.open"), href: `${env().APP_URL}/${organizationSlug}/settings/notifications#devices`, primary: true }],
        },
      ],
      footer: [t("why.security", { email })],
    };
  },
  push: ({ device }, { push }) => ({
    title: push("device.added.title"),
    body: push("device.added.body", { name: device?.name ?? "" }),
    discreet: push("device.added.discreet"),
  }),
};
