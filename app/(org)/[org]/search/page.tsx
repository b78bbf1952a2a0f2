import { Search, SearchX } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { FoundList } from "@/components/search/found-list";
import { NewsSearch } from "@/components/search/news-search";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Kbd } from "@/components/ui/kbd";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { searchInput, type SearchInput } from "@/lib/feed/search/inputs";
import { searchNews } from "@/lib/feed/search/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { myWorkspaces } from "@/lib/organizations/workspaces/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, q] = await Promise.all([getTranslations("search"), queryText(searchParams, "q")]);
  return { title: q ? `${q.slice(0, 60)} – ${t("title")}` : t("title") };
}

export default async function SearchPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/search`);
  const [q, workspace, cursor] = await Promise.all((["q", "workspace", "cursor"] as const).map((name) => queryText(searchParams, name)));
  const [t, mine] = await Promise.all([getTranslations("search"), myWorkspaces(member)]);
  const page = `/${org}/search`;
  // Addresses are typed, shared and kept: a workspace or a place that makes no sense any more is left out.
  const input = searchInput.safeParse({ q, ...(mine.some(({ slug }) => slug === workspace) && { workspace }), ...(cursor && { cursor }) });
  return (
    <ClientMessages namespaces={["search"]}>
      <PageHeader title={t("title")}>{t("intro")}</PageHeader>
      <NewsSearch action={page} question={q ?? ""} workspace={workspace ?? ""} workspaces={mine.length > 1 ? mine.map(({ slug, name }) => ({ value: slug, label: name })) : []}>
        {input.success ? <Results member={member} page={page} input={input.data} /> : <Beginning />}
      </NewsSearch>
    </ClientMessages>
  );
}

async function Beginning() {
  const t = await getTranslations("search");
  return (
    <Card>
      <EmptyState icon={Search} title={t("beginTitle")}>
        <p>{t("beginBody")}</p>
        <p className="mt-2 hidden pointer-fine:block">{t.rich("beginKeys", { kbd: (keys) => <Kbd>{keys}</Kbd> })}</p>
      </EmptyState>
    </Card>
  );
}

async function Results({ member, page, input }: { member: Member; page: string; input: SearchInput }) {
  const t = await getTranslations("search");
  const { results, similar, nextCursor } = await foundBy(member, input);
  const hrefOf = (change: Partial<SearchInput>) => `${page}?${new URLSearchParams(Object.entries({ ...input, cursor: undefined, ...change }).flatMap(([name, value]) => (value ? [[name, value]] : [])))}`;
  const shown = { organization: member.organizationSlug, viewer: member, now: clock.now() };
  if (results.length + similar.length === 0) {
    return (
      <Card>
        <EmptyState icon={SearchX} title={<span role="status">{t("noneTitle")}</span>} action={input.workspace && <LinkButton href={hrefOf({ workspace: undefined })}>{t("noneEverywhere")}</LinkButton>}>
          {t("noneBody")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <h2 className="mb-2 text-sm text-ink-muted">
        <span role="status">{t(nextCursor ? "countMore" : "count", { count: results.length })}</span>
      </h2>
      {results.length > 0 && (
        <Card flush>
          <FoundList found={results} {...shown} />
        </Card>
      )}
      {(nextCursor || input.cursor) && (
        <nav className="mt-4 flex flex-wrap gap-3">
          {nextCursor && <LinkButton href={hrefOf({ cursor: nextCursor })}>{t("more")}</LinkButton>}
          {input.cursor && (
            <LinkButton href={hrefOf({})} variant="ghost">
              {t("first")}
            </LinkButton>
          )}
        </nav>
      )}
      {similar.length > 0 && (
        <section aria-labelledby="similar" className="mt-6">
          <h2 id="similar" className="font-semibold">
            {t("similarTitle")}
          </h2>
          <p className="mb-2 text-sm text-ink-muted">{t("similarBody")}</p>
          <Card flush>
            <FoundList found={similar} {...shown} />
          </Card>
        </section>
      )}
    </>
  );
}

/** A cursor that makes no sense shows the first page. */
async function foundBy(member: Member, input: SearchInput) {
  try {
    return await searchNews(member, input);
  } catch (error) {
    if (error instanceof Refused && error.code === "INVALID" && input.cursor) return searchNews(member, { ...input, cursor: undefined });
    throw error;
  }
}
