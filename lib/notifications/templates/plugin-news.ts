import { env } from "@/lib/platform/env";
import { linkedPath } from "../plugin-events/paths";
import { foldedOf, type Happening, type PluginType } from "../plugin-events/rules";
import type { Part } from "./body";
import type { PluginNewsContent } from "./content";
import { fieldWords, happeningOf, pluginCount, pluginDetail, pluginDone, pluginLine, pluginLineOfMany, pluginWhy } from "./plugin-words";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

/** The parts that mails and pushes about events of linked services share. */
const happenedShown = 20;

export const pluginNews = (type: PluginType): MailTemplate<PluginNewsContent> => ({
  mail: ({ happened, subjectId, organizationSlug }, reader) => {
    const [newest = happeningOf({ payload: {}, occurredAt: new Date(0) }, type)] = happened;
    const line = pluginLineOfMany(happened, reader);
    return {
      subject: line,
      preview: pluginDetail(happened, reader) ?? newest.facts.comment ?? pluginWhy(newest.facts, reader),
      kind: newest.facts.connection?.name || "Moim",
      title: newest.facts.title || line,
      lead: pluginCount(happened, reader) || line,
      parts: [...asItIsNow(happened, reader), ...oneByOne(happened, reader), places(newest, subjectId, organizationSlug, reader)],
      footer: [whyOf(happened, reader)],
    };
  },
  push: (_, reader, matter) => {
    const happening = happeningOf(matter, type);
    const { facts } = happening;
    const actor = facts.actor?.name || reader.lines("jira.somebody");
    const discreet = reader.push(type === "plugin.event" ? "plugin.discreet" : facts.personally ? "issue.personally" : "issue.discreet");
    if (type === "plugin.event") return { title: facts.connection?.name || discreet, body: facts.title || pluginLine(type, facts, reader), discreet };
    const body = facts.comment ? reader.push("issue.commented", { actor, words: facts.comment }) : reader.push("issue.body", { actor, what: pluginDone(happening, reader) });
    return { title: facts.title || discreet, body, discreet };
  },
});

function whyOf(happened: Happening[], { t, list }: Reader): string {
  if (happened[0]?.facts.personally) return t("why.personally");
  const names = [...new Set(happened.flatMap(({ facts }) => facts.subscriptions.map(({ name }) => name)))].filter(Boolean);
  return names.length > 0 ? t("why.subscriptions", { names: list(names) }) : t("why.subscribed");
}

/** Every field that is different now, as it is, and under it how it was before the first of these changes. */
function asItIsNow(happened: Happening[], reader: Reader): Part[] {
  const { changes } = foldedOf(happened);
  const rows = changes.flatMap(({ field, from, to }) => {
    const lines = [...(to === null ? [] : [{ text: to }]), ...(from === null ? [] : [{ text: from, was: reader.t("was") }])];
    return lines.length > 0 ? [{ label: capitalized(fieldWords(field, reader), reader.locale), lines }] : [];
  });
  return rows.length > 0 ? [{ kind: "facts", rows }] : [];
}

const capitalized = (text: string, locale: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** What one line does not say by itself: each of several events, and what was written. */
function oneByOne(happened: Happening[], reader: Reader): Part[] {
  const { t, formats } = reader;
  if (happened.length === 1 && !happened[0]?.facts.comment) return [];
  const shown = happened.slice(0, happenedShown);
  return [
    {
      kind: "people",
      label: t("issue.happened", { count: happened.length }),
      people: shown.toReversed().map((happening) => ({
        name: happening.facts.actor?.name || reader.lines("jira.somebody"),
        note: `${pluginDone(happening, reader)} · ${formats.dayTime(happening.occurredAt)}`,
        ...(happening.facts.comment ? { quote: happening.facts.comment } : {}),
      })),
      more: happened.length > shown.length ? t("more", { count: happened.length - shown.length }) : null,
    },
  ];
}

/** Here first: there is what the reader may do about it. Over there is one more click, and only where it has an address. */
function places({ type, facts }: Happening, subjectId: string, organizationSlug: string, { t }: Reader): Part {
  const path = linkedPath(type, subjectId);
  const home = `${env().APP_URL}/${organizationSlug}`;
  return {
    kind: "buttons",
    label: null,
    buttons: [
      { label: path ? t("issue.open") : t("issue.inbox"), href: `${home}${path ?? "/inbox"}`, primary: true },
      ...(facts.url ? [{ label: t("issue.there", { place: facts.connection?.name || new URL(facts.url).hostname }), href: facts.url, primary: false }] : []),
    ],
  };
}
