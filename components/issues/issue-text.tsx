import { Fragment, Suspense } from "react";
import { PlainText } from "@/components/meetings/plain-text";
import { keysInText } from "@/lib/integrations/issues/keys/inputs";
import type { IssueCard } from "@/lib/integrations/issues/mappings";
import { IssueChip } from "./issue-chip";
import { LiveIssues } from "./live-issues";

/** The cards of a whole page, asked for once; a key without one stays text. */
export type Cards = ReadonlyMap<string, IssueCard>;

interface Props {
  text: string;
  cards: Promise<Cards>;
  organization: string;
}

/** Text as it was written, with cards for the keys in it. The text stands there at once; the cards come when Jira has answered. */
export function IssueText({ text, cards, organization }: Props) {
  if (keysInText(text).length === 0) return <PlainText text={text} />;
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <WithCards text={text} cards={cards} organization={organization} />
    </Suspense>
  );
}

async function WithCards({ text, cards, organization }: Props) {
  const known = await cards;
  return <PlainText text={text} words={(words) => <IssueWords text={words} cards={known} organization={organization} />} />;
}

/** The same for a title: within its line. */
export function IssueLine({ text, cards, organization }: Props) {
  if (keysInText(text).length === 0) return text;
  return (
    <Suspense fallback={text}>
      <LineWithCards text={text} cards={cards} organization={organization} />
    </Suspense>
  );
}

const LineWithCards = async ({ text, cards, organization }: Props) => <IssueWords text={text} cards={await cards} organization={organization} />;

/** The same within a line, for cards that are there already. */
export function IssueWords({ text, cards, organization }: { text: string; cards: Cards; organization: string }) {
  const parts: { text: string; card?: IssueCard }[] = [];
  let from = 0;
  for (const { key, index } of keysInText(text)) {
    const card = cards.get(key);
    if (!card) continue;
    parts.push({ text: text.slice(from, index) }, { text: key, card });
    from = index + key.length;
  }
  parts.push({ text: text.slice(from) });
  return parts.map(({ text: words, card }, index) => (card ? <IssueChip key={index} card={card} organization={organization} /> : <Fragment key={index}>{words}</Fragment>));
}

/** Reads the page anew when one of its cards changes. */
export async function LiveCards({ cards }: { cards: Promise<Cards> }) {
  const topics = [...(await cards).values()].map(({ topic }) => topic);
  return topics.length > 0 ? <LiveIssues topics={topics} /> : null;
}
