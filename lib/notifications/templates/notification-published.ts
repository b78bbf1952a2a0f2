import { env } from "@/lib/platform/env";
import type { Part } from "./body";
import type { PublishedContent } from "./content";
import { inboxLine } from "./inbox-line";
import type { MailTemplate } from "./template";

export const notificationPublished: MailTemplate<PublishedContent> = {
  mail: ({ publicationId, words: byLocale, publisherName, organizationName, organizationSlug, isMember }, { t, locale }) => {
    const { subject, body, button } = byLocale[locale] ?? byLocale.en;
    const [lead = "", ...paragraphs] = body.trim().split(/\n{2,}/);
    const parts: Part[] = paragraphs.map((text) => ({ kind: "paragraph", text }));
    if (button) parts.push({ kind: "buttons", label: null, buttons: [{ label: button.label, href: button.url, primary: true }] });
    if (isMember) parts.push({ kind: "link", label: t("published.open"), href: `${env().APP_URL}/${organizationSlug}/announcements/${publicationId}` });
    return {
      subject,
      preview: lead,
      kind: t("published.kind", { organization: organizationName }),
      title: subject,
      lead,
      parts,
      footer: [t(isMember ? "why.published" : "why.publishedOutside", { name: publisherName, organization: organizationName })],
    };
  },
  push: ({ publication }, reader, matter) => {
    const words = publication?.push[reader.locale] ?? publication?.push.en;
    const discreet = reader.push("notification.published.discreet");
    return words ? { ...words, discreet } : { title: reader.push("notification.published.title"), body: inboxLine(matter, reader), discreet };
  },
};
