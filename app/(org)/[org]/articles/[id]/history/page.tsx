import { clsx } from "clsx";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DocumentBody } from "@/components/articles/document";
import { SmallForm } from "@/components/settings/small-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { When } from "@/components/ui/when";
import { clock } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { restoreVersionAction } from "@/lib/feed/articles/actions";
import { comparedVersion, type ComparedVersion } from "@/lib/feed/articles/comparing/queries";
import { articleHistory, type VersionGlance } from "@/lib/feed/articles/history/queries";
import { keysOf } from "@/lib/integrations/issues/keys/inputs";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string; id: string }>;
  searchParams: Promise<{ version?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("editor"))("historyTitle") };
}

export default async function ArticleHistoryPage({ params, searchParams }: Props) {
  const [{ org, id }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org, `/${org}/articles/${id}/history`);
  const article = `/${org}/articles/${id}`;
  const versions = await articleHistory(member, id).catch((error: unknown) => elsewhere(error, article));
  const [newest] = versions;
  if (!newest) redirect(`${article}/edit`);
  const asked = typeof query.version === "string" ? versions.find(({ version }) => String(version) === query.version) : newest;
  if (!asked) notFound();
  const shown = await comparedVersion(member, id, asked.version);
  const t = await getTranslations("editor");
  return (
    <>
      <PageHeader title={t("historyTitle")} back={{ href: article, label: t("backToArticle") }}>
        {t("historyLead", { count: versions.length })}
      </PageHeader>
      <div className="grid gap-6 lg:grid-cols-[17rem_minmax(0,1fr)] lg:items-start">
        <Card id="versions" title={t("versions")} flush className="lg:sticky lg:top-6">
          <Versions versions={versions} shown={shown.version} member={member} page={`${article}/history`} />
        </Card>
        <Version version={shown} articleId={id} member={member} />
      </div>
    </>
  );
}

function elsewhere(error: unknown, article: string): never {
  if (!(error instanceof Refused)) throw error;
  if (error.code === "NOT_FOUND") notFound();
  redirect(article);
}

async function Versions({ versions, shown, member, page }: { versions: VersionGlance[]; shown: number; member: Member; page: string }) {
  const t = await getTranslations("editor");
  const formats = formatsFor(member);
  const now = clock.now();
  return (
    <ol className="scroll-quiet max-h-[60dvh] divide-y divide-line overflow-y-auto">
      {versions.map(({ version, editor, createdAt }) => (
        <li key={version} className={clsx("px-4 py-2.5 text-sm", version === shown && "bg-accent-soft")}>
          <Link href={`${page}?version=${version}`} aria-current={version === shown ? "true" : undefined} className="font-medium hover:underline">
            {t("version", { version })}
          </Link>
          <span className="block text-xs text-ink-muted">
            {editor.name} · <When at={createdAt} exact={formats.exact(createdAt)}>{formats.relative(createdAt, now)}</When>
          </span>
        </li>
      ))}
    </ol>
  );
}

const looks = {
  same: "text-ink-muted",
  added: "border-l-3 border-accent bg-accent-soft pl-3",
  removed: "border-l-3 border-danger-line bg-danger-soft pl-3 line-through decoration-1",
};

async function Version({ version, articleId, member }: { version: ComparedVersion; articleId: string; member: Member }) {
  const t = await getTranslations("editor");
  const org = member.organizationSlug;
  const isCurrent = version.version === version.current;
  const keys = keysOf([version.words]);
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-semibold">{isCurrent ? t("versionCurrent", { version: version.version }) : t("version", { version: version.version })}</h2>
        {!isCurrent && (
          <ClientMessages namespaces={["editor"]}>
            <SmallForm action={restoreVersionAction.bind(null, org, articleId)} values={{ version: String(version.version) }} aria-label={t("restore")}>
              {t("restore")}
            </SmallForm>
          </ClientMessages>
        )}
      </div>
      {version.changes && (
        <Card id="changes" title={t("changes", { version: version.version - 1 })}>
          {version.changes.every(({ change }) => change === "same") ? (
            <p className="text-sm text-ink-muted">{t("changesNone")}</p>
          ) : (
            <ul className="flex flex-col gap-1 text-sm">
              {version.changes.map(({ change, text }, index) => (
                <li key={index} className={clsx("min-h-5 py-0.5 wrap-anywhere whitespace-pre-wrap", looks[change])}>
                  {change !== "same" && <span className="sr-only">{t(change === "added" ? "added" : "removed")} </span>}
                  {text}
                </li>
              ))}
            </ul>
          )}
        </Card>
      )}
      <article className="rounded-xl border border-line bg-surface p-5">
        <h3 className="mb-4 text-2xl font-semibold break-words">{version.title}</h3>
        <ClientMessages namespaces={["media"]}>
          <DocumentBody
            document={version.document}
            media={version.media}
            people={version.people}
            cards={keys.length > 0 ? cardsOf(member, keys) : undefined}
            organization={org}
            origin={env().APP_URL}
          />
        </ClientMessages>
      </article>
    </div>
  );
}
