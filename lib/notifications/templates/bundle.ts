import { env } from "@/lib/platform/env";
import { pageOf } from "../devices/rules";
import type { Part } from "./body";
import type { BundleContent, BundleItem } from "./content";
import { inboxLine } from "./inbox-line";
import { detailOfMany, lineOfMany, quoteOfMany } from "./many";
import { factsOf } from "./matter";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

type Kind = BundleContent["kind"];

/** A mail of a thousand lines is read by nobody, and cut by mail programs (render.test.ts); the rest is in the inbox. */
const itemsShown = 40;
const pushLinesShown = 3;

export const bundleDaily = bundle("daily");
export const bundleWeekly = bundle("weekly");
export const bundleReleased = bundle("released");

/** Mails and pushes that were held, gathered: one section a category, the newest state of each thread. */
function bundle(kind: Kind): MailTemplate<BundleContent> {
  return {
    mail: (content, reader) => {
      const { t } = reader;
      const count = content.items.length;
      const lines = content.items.map((item) => lineOf(item, reader));
      const home = `${env().APP_URL}/${content.organizationSlug}`;
      return {
        subject: t(`bundle.${kind}.subject`, { count, organization: content.organizationName }),
        preview: lines.slice(0, pushLinesShown).join(" · "),
        kind: t(`bundle.${kind}.kind`),
        title: t(`bundle.${kind}.title`, { count }),
        lead: t(`bundle.${kind}.lead`, { organization: content.organizationName }),
        parts: [...sections(content, reader), { kind: "link", label: t("bundle.inbox"), href: `${home}/inbox` }],
        footer: [t(`bundle.${kind}.why`)],
      };
    },
    push: (_, reader, { gathered = [] }) => {
      const title = reader.push(`bundle.${kind}.title`, { count: gathered.length });
      const lines = gathered.slice(0, pushLinesShown).map((matter) => inboxLine(matter, reader));
      const rest = gathered.length - lines.length;
      return { title, body: [...lines, ...(rest > 0 ? [reader.push("more", { count: rest })] : [])].join("\n"), discreet: title };
    },
  };
}

/** The categories in the order in which their newest item came. */
function sections({ items, organizationSlug }: BundleContent, reader: Reader): Part[] {
  const byCategory = new Map<BundleItem["category"], BundleItem[]>();
  for (const item of items.slice(0, itemsShown)) byCategory.set(item.category, [...(byCategory.get(item.category) ?? []), item]);
  const parts = [...byCategory].map(([category, mine]): Part => ({
    kind: "items",
    label: reader.t(`bundle.categories.${category}`),
    items: mine.map((item) => ({
      text: lineOf(item, reader),
      href: `${env().APP_URL}${pageOf(item.matter.type, { subjectId: item.subjectId, payload: item.matter.payload }, organizationSlug)}`,
      note: noteOf(item, reader),
    })),
  }));
  return items.length > itemsShown ? [...parts, { kind: "note", text: reader.t("more", { count: items.length - itemsShown }) }] : parts;
}

/** What is told together is told as one, like the inbox does. */
const lineOf = ({ matter, happened = [] }: BundleItem, reader: Reader) => (happened.length > 1 ? lineOfMany(happened, reader) : inboxLine(matter, reader));

/** When its meeting is, in the reader's zone; otherwise when it happened. Then what was said, and how many it stands for. */
function noteOf({ matter, happened = [], count }: BundleItem, reader: Reader): string {
  const { formats, t } = reader;
  const quote = quoteOfMany(happened.length > 0 ? happened : [matter]);
  if (happened.length > 0) return [formats.dayTime(matter.occurredAt), detailOfMany(happened, reader) ?? quoted(quote)].filter(Boolean).join(" · ");
  const { meeting, comment, reason } = factsOf(matter);
  const said = comment ?? quote ?? (matter.type === "meeting.cancelled" ? reason : null);
  return [
    formats.dayTime(meeting?.startsAt ?? matter.occurredAt),
    ...(said?.trim() ? [`“${said.trim()}”`] : []),
    ...(count > 1 ? [t("bundle.earlier", { count: count - 1 })] : []),
  ].join(" · ");
}

const quoted = (words: string | null) => (words ? `“${words}”` : null);
