import { BellOff, BellRing } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { setTopicAction } from "@/lib/notifications/topics/actions";
import type { TopicChoice, TopicKind } from "@/lib/notifications/topics/inputs";

export interface ListedTopic {
  topic: string;
  kind: TopicKind;
  choice: TopicChoice;
  /** What it is called; null when its reader may not read it any more. */
  name: string | null;
  href: string | null;
}

/** What somebody follows and what they muted, each with the way back. */
export async function TopicList({ organization, topics }: { organization: string; topics: ListedTopic[] }) {
  const t = await getTranslations("preferences.topics");
  if (topics.length === 0) return <p className="px-4 pb-4 text-sm text-ink-muted">{t("empty")}</p>;
  return (
    <ul className="divide-y divide-line border-t border-line">
      {topics.map(({ topic, kind, choice, name, href }) => {
        const Icon = choice === "muted" ? BellOff : BellRing;
        const shown = name ?? t(`${kind}.unknown`);
        return (
          <li key={topic} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <Icon aria-hidden className="size-5 shrink-0 text-ink-faint" />
            <div className="min-w-0 flex-1 basis-52">
              <p className="font-medium break-words">
                {href ? (
                  <Link href={href} className="rounded-sm hover:underline">
                    {shown}
                  </Link>
                ) : (
                  <span className={name === null ? "text-ink-muted" : undefined}>{shown}</span>
                )}
              </p>
              <p className="text-sm text-ink-muted">{t(choice === "muted" ? "isMuted" : "isFollowing")}</p>
            </div>
            <Form action={setTopicAction.bind(null, organization)} aria-label={t("undoNamed", { name: shown })}>
              <input type="hidden" name="topic" value={topic} />
              <SubmitButton name="choice" value="ordinary" size="sm" variant="secondary">
                {t("undo")}
              </SubmitButton>
            </Form>
          </li>
        );
      })}
    </ul>
  );
}
