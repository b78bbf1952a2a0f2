import { Download } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { RemindForm } from "@/components/articles/remind-form";
import { Avatar } from "@/components/ui/avatar";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { Segments } from "@/components/ui/tabs";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { remindAction } from "@/lib/feed/must-reads/actions";
import { readersPerPage, type ReadersInput } from "@/lib/feed/must-reads/inputs";
import { readersOf } from "@/lib/feed/must-reads/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { openedArticle } from "../opened";

interface Props {
  params: Promise<{ org: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const view = z.object({
  which: z.enum(["done", "waiting"]).catch("waiting"),
  cursor: z.string().max(1000).optional().catch(undefined),
});

const barLook =
  "mt-2 block h-2 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent";

const dayMs = 24 * 60 * 60 * 1000;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("news.readers"))("heading") };
}

/** Who has said that they read an article, and who has not: for its author and admins. */
export default async function ReadersPage({ params, searchParams }: Props) {
  const [{ org, id }, query] = await Promise.all([params, searchParams]);
  const { which, cursor } = view.parse(query);
  const here = `/${org}/articles/${id}/readers`;
  const member = await pageMember(org, here);
  const article = await openedArticle(member, id);
  if (!article?.mayManage) notFound();
  if (!article.mustRead) redirect(`/${org}/articles/${id}`);
  const [t, page] = await Promise.all([getTranslations("news.readers"), pageOf(member, id, { which, cursor, limit: readersPerPage })]);
  const formats = formatsFor(member);
  const now = clock.now();
  const { done, waiting, dueAt, remindedAt, readers, nextCursor } = page;
  const restsUntil = remindedAt && new Date(remindedAt.getTime() + dayMs);
  const mayRemind = article.state === "published" && waiting > 0 && (restsUntil === null || restsUntil <= now);
  return (
    <ClientMessages namespaces={["news"]}>
      <div className="mx-auto max-w-2xl">
        <PageHeader back={{ href: `/${org}/articles/${id}`, label: article.title }} title={t("heading")}>
          {dueAt ? t("due", { when: formats.dayTime(dueAt) }) : t("noDue")}
        </PageHeader>
        <Card className="mb-6">
          <div className="flex flex-wrap items-end justify-between gap-4">
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium">{t("progress", { done, all: done + waiting })}</p>
              <progress value={done} max={Math.max(1, done + waiting)} aria-label={t("progress", { done, all: done + waiting })} className={barLook} />
            </div>
            <RemindForm action={remindAction.bind(null, org, id)} waiting={waiting} may={mayRemind} />
          </div>
          {waiting > 0 && (
            <p className="mt-3 text-xs text-ink-muted">{remindedAt && !mayRemind ? t("remindedAt", { when: formats.relative(remindedAt, now) }) : mayRemind ? t("remindHint") : null}</p>
          )}
        </Card>
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <Segments
            label={t("heading")}
            tabs={[
              { href: here, label: t("waiting", { count: waiting }), current: which === "waiting" },
              { href: `${here}?which=done`, label: t("done", { count: done }), current: which === "done" },
            ]}
          />
          <a href={`${here}/csv`} className={buttonStyle("ghost", "sm")} download>
            <Download aria-hidden className="size-4" />
            {t("export")}
          </a>
        </div>
        <div className="rounded-xl border border-line bg-surface">
          {readers.length > 0 ? (
            <ul className="divide-y divide-line">
              {readers.map((reader) => (
                <li key={reader.memberId} className="flex items-center gap-3 px-4 py-2.5">
                  <Avatar name={reader.name} id={reader.memberId} />
                  <span className="min-w-0 flex-1 break-words">
                    {reader.name}
                    {reader.gone && <span className="text-sm text-ink-muted"> ({t("gone")})</span>}
                  </span>
                  {reader.acknowledged && (
                    <span className="text-right text-sm text-ink-muted">
                      <time dateTime={reader.acknowledged.at.toISOString()} title={formats.exact(reader.acknowledged.at)}>
                        {formats.dayTime(reader.acknowledged.at)}
                      </time>
                      {reader.acknowledged.version < article.version && ` · ${t("version", { version: reader.acknowledged.version })}`}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          ) : (
            <p className="px-4 py-8 text-center text-sm text-ink-muted">{t(which === "done" ? "nobodyDone" : "everybody")}</p>
          )}
        </div>
        {(cursor || nextCursor) && (
          <nav aria-label={t("heading")} className="mt-4 flex justify-between gap-2">
            {cursor ? <LinkButton href={`${here}?which=${which}`}>{t("first")}</LinkButton> : <span />}
            {nextCursor && <LinkButton href={`${here}?${new URLSearchParams({ which, cursor: nextCursor })}`}>{t("more")}</LinkButton>}
          </nav>
        )}
      </div>
    </ClientMessages>
  );
}

/** A cursor that was none is an address that makes no sense: the list from its start. */
async function pageOf(member: Member, id: string, wish: ReadersInput) {
  try {
    return await readersOf(member, id, wish);
  } catch (error) {
    if (error instanceof Refused && error.code === "INVALID") return readersOf(member, id, { ...wish, cursor: undefined });
    throw error;
  }
}
