import { Megaphone } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { PublicationState } from "@/components/announcements/publication-state";
import { Moment } from "@/components/settings/moment";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { toLocale } from "@/lib/platform/i18n/locales";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { pageMember } from "@/lib/organizations/actor";
import { listPublications } from "@/lib/notifications/publications/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates.announcements"))("title") };
}

export default async function AnnouncementsPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/announcements`);
  const cursor = await queryText(searchParams, "before");
  const [t, { publications, nextCursor }] = await Promise.all([getTranslations("templates.announcements"), listPublications(member, cursor)]);
  const here = `/${org}/settings/announcements`;
  const announce = (
    <LinkButton href={`${here}/new`} variant="primary" size="sm">
      {t("new")}
    </LinkButton>
  );
  return (
    <Card id="announcements" title={t("title")} aside={publications.length > 0 && announce} flush>
      {publications.length === 0 ? (
        <EmptyState icon={Megaphone} title={t("emptyTitle")} action={announce}>
          {t("empty")}
        </EmptyState>
      ) : (
        <>
          <p className="px-4 py-3 text-sm text-ink-muted">{t("lead")}</p>
          <ul className="divide-y divide-line border-t border-line">
            {publications.map(({ id, state, words, requestedByName, sendAt, createdAt }) => (
              <li key={id} className="relative px-4 py-3 hover:bg-hover">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  <Link href={`${here}/${id}`} className="min-w-0 break-words after:absolute after:inset-0">
                    {(words[toLocale(member.locale)] ?? words.en).subject}
                  </Link>
                  <PublicationState state={state} />
                </p>
                <p className="text-sm text-ink-muted">
                  {t.rich("by", { name: requestedByName, when: () => <Moment at={createdAt} viewer={member} /> })}
                  {state === "scheduled" && <> · {t.rich("scheduledFor", { when: () => <Moment at={sendAt} viewer={member} /> })}</>}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
      {(cursor || nextCursor) && (
        <div className="flex gap-3 border-t border-line p-4">
          {cursor && <LinkButton href={here}>{t("newest")}</LinkButton>}
          {nextCursor && <LinkButton href={`${here}?before=${nextCursor}`}>{t("older")}</LinkButton>}
        </div>
      )}
    </Card>
  );
}
