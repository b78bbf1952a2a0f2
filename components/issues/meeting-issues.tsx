import { useTranslations } from "next-intl";
import { Suspense } from "react";
import type { FormAction } from "@/components/ui/form";
import { Card } from "@/components/ui/card";
import { RemoveForm } from "./act-forms";
import { IssueChip } from "./issue-chip";
import { AddIssueForm } from "./issue-field";
import type { Cards } from "./issue-text";

interface Props {
  organization: string;
  keys: string[];
  cards: Promise<Cards>;
  addAction: FormAction<unknown>;
  removeAction: FormAction<unknown>;
  suggests: boolean;
}

/** What a meeting is about. Whoever may not see an issue over there sees its key and no more, as in any text. */
export function MeetingIssues({ organization, keys, cards, addAction, removeAction, suggests }: Props) {
  const t = useTranslations("issues.ofMeeting");
  return (
    <Card id="issues" title={t("title")}>
      {keys.length === 0 ? (
        <p className="mb-3 text-sm text-ink-muted">{t("empty")}</p>
      ) : (
        <ul className="mb-3 flex flex-col gap-1">
          {keys.map((key) => (
            <li key={key} className="flex items-start gap-2">
              <div className="min-w-0 flex-1 py-1 text-sm">
                <Suspense fallback={key}>
                  <Line issueKey={key} cards={cards} organization={organization} />
                </Suspense>
              </div>
              <RemoveForm action={removeAction} issueKey={key} label={t("remove", { key })} done={t("removed")} />
            </li>
          ))}
        </ul>
      )}
      <AddIssueForm action={addAction} organization={organization} suggests={suggests} />
    </Card>
  );
}

async function Line({ issueKey, cards, organization }: { issueKey: string; cards: Promise<Cards>; organization: string }) {
  const card = (await cards).get(issueKey);
  if (!card) return issueKey;
  return (
    <>
      <IssueChip card={card} organization={organization} /> <span className="break-words">{card.summary}</span>
    </>
  );
}
