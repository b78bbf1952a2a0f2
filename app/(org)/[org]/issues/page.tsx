import { Plus, SearchX, Sparkles } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Suspense, type ReactNode } from "react";
import { ProblemNotice } from "@/components/integrations/problem-notice";
import { IssueList } from "@/components/issues/issue-list";
import { LinkAccount, NoSite } from "@/components/issues/link-account";
import { LiveIssues } from "@/components/issues/live-issues";
import { ProjectField, SearchForm, type IssueSearch } from "@/components/issues/search-form";
import { Waiting } from "@/components/issues/waiting";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { jiraSites, linkPath } from "@/lib/integrations/issues/desk/queries";
import { searchIssuesInput } from "@/lib/integrations/issues/inputs";
import { cardsOfFound, findIssues, projectsToSearch } from "@/lib/integrations/issues/lookup/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("issues"))("title") };
}

const names = ["text", "project", "status", "jql", "mine", "connection", "cursor", "whole", "problem"] as const;

export default async function IssuesPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/issues`);
  const asked = Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await queryText(searchParams, name)) ?? ""]))) as Record<(typeof names)[number], string>;
  const [t, sites] = await Promise.all([getTranslations("issues"), jiraSites(member)]);
  const site = sites.find(({ id }) => id === asked.connection) ?? sites[0];
  if (asked.connection && site?.id !== asked.connection) notFound();
  const search: IssueSearch = { text: asked.text, project: asked.project, status: asked.status, jql: asked.jql, mine: asked.mine === "true", connection: site?.id ?? "" };
  const whole = asked.whole === "1";
  const wish = { ...search, cursor: asked.cursor };
  const hrefOf = (change: Record<string, string>) =>
    `/${org}/issues?${new URLSearchParams(Object.entries({ ...asked, problem: "", ...change }).filter(([, value]) => value !== ""))}`;

  return (
    <ClientMessages namespaces={["issues"]}>
      <PageHeader
        title={t("title")}
        actions={
          site && (
            <LinkButton href={`/${org}/issues/new?${new URLSearchParams(sites.length > 1 ? { connection: site.id } : {})}`}>
              <Plus aria-hidden className="size-4" />
              {t("new")}
            </LinkButton>
          )
        }
      >
        {t("lead")}
      </PageHeader>
      {asked.problem && (
        <div className="mb-5">
          <ProblemNotice problem={asked.problem} />
        </div>
      )}
      {!site ? (
        <NoSite organization={org} mayConnect={member.role !== "member"} />
      ) : (
        <>
          <SearchForm
            key={hrefOf({ cursor: "" })}
            organization={org}
            search={search}
            sites={sites}
            whole={whole}
            project={
              <Unless whole={whole} fallback={<ProjectField projects={[]} chosen={search.project} />}>
                <Projects member={member} connectionId={site.id} chosen={search.project} />
              </Unless>
            }
          />
          <Unless key={hrefOf({})} whole={whole} fallback={<Waiting wholeHref={hrefOf({ whole: "1" })} />}>
            <Results member={member} wish={wish} hrefOf={hrefOf} />
          </Unless>
        </>
      )}
    </ClientMessages>
  );
}

/** Streamed, so that a slow Jira does not hold the frame; or all at once, for those without scripts. */
function Unless({ whole, fallback, children }: { whole: boolean; fallback: ReactNode; children: ReactNode }) {
  return whole ? children : <Suspense fallback={fallback}>{children}</Suspense>;
}

async function Projects({ member, connectionId, chosen }: { member: Member; connectionId: string; chosen: string }) {
  const projects = await projectsToSearch(member, connectionId).catch((error: unknown) => {
    // The results say what is the matter.
    if (error instanceof Refused) return [];
    throw error;
  });
  return <ProjectField projects={projects} chosen={chosen} />;
}

async function Results({ member, wish, hrefOf }: { member: Member; wish: IssueSearch & { cursor: string }; hrefOf: (change: Record<string, string>) => string }) {
  const t = await getTranslations("issues");
  const isWish = Boolean(wish.text || wish.project || wish.status || wish.jql || wish.mine);
  const input = searchIssuesInput.safeParse({
    ...Object.fromEntries(Object.entries(wish).filter(([, value]) => typeof value === "string" && value !== "")),
    mine: String(wish.mine || !isWish),
  });
  if (!input.success) notFound();
  const found = await findIssues(member, input.data).catch((error: unknown) => refusedAs(error));
  if (found instanceof Refused) return <Refusal refused={found} member={member} againHref={hrefOf({})} />;
  const cards = cardsOfFound(found);
  if (cards.length === 0) {
    return (
      <Card flush>
        {isWish ? (
          <EmptyState icon={SearchX} title={t("emptyFound")}>
            {t("emptyFoundText")}
          </EmptyState>
        ) : (
          <EmptyState icon={Sparkles} title={t("emptyMine")}>
            {t("emptyMineText")}
          </EmptyState>
        )}
      </Card>
    );
  }
  return (
    <>
      <LiveIssues topics={cards.map(({ topic }) => topic)} />
      <Card
        id="found"
        title={isWish ? t("foundTitle") : t("mineTitle")}
        aside={
          <span role="status" className="text-sm text-ink-muted">
            {found.cursor ? t("search.resultsMore", { count: cards.length }) : t("search.results", { count: cards.length })}
          </span>
        }
        flush
      >
        <IssueList cards={cards} organization={member.organizationSlug} viewer={member} now={clock.now()} />
      </Card>
      <nav aria-label={t("search.next")} className="mt-4 flex flex-wrap gap-3 empty:hidden">
        {wish.cursor && <LinkButton href={hrefOf({ cursor: "" })}>{t("search.first")}</LinkButton>}
        {found.cursor && (
          <LinkButton prefetch={false} href={hrefOf({ cursor: found.cursor })}>
            {t("search.next")}
          </LinkButton>
        )}
      </nav>
    </>
  );
}

function refusedAs(error: unknown): Refused {
  if (error instanceof Refused) return error;
  throw error;
}

async function Refusal({ refused, member, againHref }: { refused: Refused; member: Member; againHref: string }) {
  const t = await getTranslations();
  const slug = member.organizationSlug;
  if (refused.code === "ACCOUNT_NEEDED") return <LinkAccount href={linkPath(slug)} broken={false} />;
  if (refused.code === "RECONNECT_NEEDED") return <LinkAccount href={linkPath(slug)} broken />;
  if (refused.code === "JIRA_UNAVAILABLE") {
    return (
      <Notice tone="caution" role="status" title={t("issues.silent.title")}>
        <p>{t("issues.silent.text")}</p>
        <a href={againHref} className="link mt-2 inline-block">
          {t("issues.silent.again")}
        </a>
      </Notice>
    );
  }
  const words = refused.fields.map(({ detail }) => detail).join(" ");
  return (
    <Notice tone="danger" role="alert" title={t("issues.refused.title")}>
      {words || t(`refusals.${refused.code}`)}
    </Notice>
  );
}
