import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DocumentBody } from "@/components/articles/document";
import { ArticleWriting } from "@/components/editor/article-writing";
import { MediaFigure } from "@/components/media/media-figure";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { SmallForm } from "@/components/settings/small-form";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { clock } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor, wallClockIn } from "@/lib/platform/i18n/formats";
import { unscheduleAction } from "@/lib/feed/articles/actions";
import { writingOf, type WritingView } from "@/lib/feed/articles/writing/queries";
import { discardDraftAction } from "@/lib/feed/drafts/actions";
import { keysOf } from "@/lib/integrations/issues/keys/inputs";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("editor"))("pageTitle") };
}

export default async function EditArticlePage({ params, searchParams }: Props) {
  const [{ org, id }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org, `/${org}/articles/${id}/edit`);
  const writing = await writingOf(member, id).catch((error: unknown) => elsewhere(error, `/${org}/articles/${id}`));
  return query.preview === undefined ? <Writing member={member} writing={writing} query={query} /> : <Preview member={member} writing={writing} />;
}

/** Who may not write it may still be able to read it, or be told there that it is gone. */
function elsewhere(error: unknown, article: string): never {
  if (!(error instanceof Refused)) throw error;
  if (error.code === "NOT_FOUND") notFound();
  redirect(article);
}

interface PartProps {
  member: Member;
  writing: WritingView;
}

/** Written or looked at, the text is the server's own rendering of it. */
function Body({ member, writing }: PartProps) {
  const keys = keysOf([writing.words]);
  return (
    <DocumentBody
      document={writing.document}
      media={writing.media}
      people={writing.people}
      cards={keys.length > 0 ? cardsOf(member, keys) : undefined}
      organization={member.organizationSlug}
      origin={env().APP_URL}
    />
  );
}

async function Writing({ member, writing, query }: PartProps & { query: Record<string, unknown> }) {
  const org = member.organizationSlug;
  const { articleId } = writing;
  const [t, news] = await Promise.all([getTranslations("editor"), getTranslations("news")]);
  const home = writing.workspaces.find((workspace) => workspace.home) ?? writing.workspaces.find((workspace) => workspace.chosen);
  const published = writing.version > 0;
  const formats = formatsFor(member);
  const feeds = writing.feeds.filter(({ id, mayPublish }) => mayPublish || id === writing.feed.id);
  const back = published ? { href: `/${org}/articles/${articleId}`, label: t("backToArticle") } : { href: `/${org}/w/${home?.slug ?? ""}/drafts`, label: news("drafts") };
  return (
    <>
      <PageHeader title={published ? t("pageTitleEdit") : t("pageTitle")} back={back} />
      <div className="mb-5 flex flex-col gap-3 empty:hidden">
        {writing.state === "scheduled" && writing.publishAt && (
          <Notice tone="positive" role="status" title={t("scheduled", { when: formats.exact(writing.publishAt) })}>
            <p className="mb-2">{t("scheduledHint")}</p>
            <SmallForm action={unscheduleAction.bind(null, org, articleId)} values={{}} aria-label={t("unschedule")}>
              {t("unschedule")}
            </SmallForm>
          </Notice>
        )}
        {writing.state !== "scheduled" && !published && writing.publishAt && <Notice tone="caution">{t("stopped", { when: formats.exact(writing.publishAt) })}</Notice>}
        {typeof query.restored === "string" && /^\d{1,9}$/.test(query.restored) && <Notice role="status">{t("restored", { version: query.restored })}</Notice>}
        {query.saved !== undefined && <Notice role="status">{t("savedPlain")}</Notice>}
      </div>
      <ClientMessages namespaces={["editor", "media"]}>
        <ArticleWriting
          // A draft that was replaced from here (an older version, a publication taken back) is opened anew.
          key={`${articleId}-${String(query.restored ?? "")}-${writing.state}`}
          organization={org}
          memberId={member.id}
          viewer={{ locale: member.locale, timeZone: member.timeZone, hourCycle: member.hourCycle, weekStart: member.weekStart }}
          draft={{
            articleId,
            title: writing.title,
            document: writing.document,
            coverId: writing.coverId,
            revision: writing.revision,
            basedOn: writing.basedOn,
            version: writing.version,
            tab: writing.tab,
            savedAt: writing.savedAt?.toISOString() ?? null,
          }}
          media={[...writing.media.values()]}
          plain={writing.plain}
          choices={choicesOf(member, writing, feeds.map(({ id, name }) => ({ id, name: name ?? news("first") })))}
        >
          <Body member={member} writing={writing} />
        </ArticleWriting>
      </ClientMessages>
      {writing.revision > 0 && (
        <section aria-label={t("discard")} className="mt-10 flex items-start gap-3 border-t border-line pt-5">
          <Trash2 aria-hidden className="mt-2 size-4 shrink-0 text-ink-muted" />
          <ConfirmedForm
            action={discardDraftAction.bind(null, org, articleId, published ? null : (home?.slug ?? null))}
            values={{}}
            question={published ? t("discardChangesQuestion") : t("discardQuestion")}
            aria-label={published ? t("discardChanges") : t("discard")}
          >
            {published ? t("discardChanges") : t("discard")}
          </ConfirmedForm>
        </section>
      )}
    </>
  );
}

function choicesOf(member: Member, writing: WritingView, feeds: { id: string; name: string }[]) {
  const zone = member.timeZone;
  const now = clock.now();
  const later = writing.publishAt ? wallClockIn(zone, writing.publishAt) : { date: wallClockIn(zone, now.getTime() + 24 * 60 * 60 * 1000).date, time: "09:00" };
  const due = writing.mustRead?.dueAt;
  return {
    feedId: writing.feed.id,
    feeds,
    workspaces: writing.workspaces.map(({ id, name, home, chosen }) => ({ id, name, home, chosen })),
    notify: writing.notify,
    commentsOpen: writing.commentsOpen,
    pin: writing.pin,
    mustRead: writing.mustRead && { dueDate: due ? wallClockIn(zone, due).date : "" },
    later: { scheduled: writing.state === "scheduled", date: later.date, time: later.time },
    today: wallClockIn(zone, now).date,
    zone: formatsFor(member).zone(zone, now),
    readers: writing.readers,
  };
}

/** As readers will see it. */
async function Preview({ member, writing }: PartProps) {
  const t = await getTranslations("editor");
  const edit = `/${member.organizationSlug}/articles/${writing.articleId}/edit`;
  const cover = writing.coverId ? writing.media.get(writing.coverId) : undefined;
  return (
    <div className="mx-auto max-w-[44rem]">
      <Notice className="mb-6" role="status">
        {t("previewNote")}{" "}
        <Link href={edit} className="link font-medium">
          {t("previewBack")}
        </Link>
      </Notice>
      <ClientMessages namespaces={["media"]}>
        <article>
          {cover && <MediaFigure media={cover} eager />}
          <h1 className="text-2xl font-semibold break-words">{writing.title || t("conflict.noTitle")}</h1>
          <p className="mt-1 mb-6 text-sm text-ink-muted">{member.name}</p>
          <Body member={member} writing={writing} />
        </article>
      </ClientMessages>
    </div>
  );
}
