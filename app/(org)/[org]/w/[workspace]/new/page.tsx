import { PenLine } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { StartArticleForm } from "@/components/editor/start-article-form";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { newId } from "@/lib/platform/ids";
import { feedsAt } from "@/lib/feed/feeds/queries";
import { pageMember } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string; workspace: string }>;
  searchParams: Promise<{ feed?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("editor.start"))("title") };
}

export default async function NewArticlePage({ params, searchParams }: Props) {
  const [{ org, workspace: slug }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org, `/${org}/w/${slug}/new`);
  const [t, news, found] = await Promise.all([getTranslations("editor.start"), getTranslations("news"), feedsAt(member, slug).catch(missing)]);
  const feeds = found.feeds.filter(({ mayPublish, archived }) => mayPublish && !archived);
  const chosen = feeds.find((feed) => feed.slug === query.feed) ?? feeds[0];
  return (
    <div className="max-w-2xl">
      <PageHeader title={t("title")} back={{ href: `/${org}/w/${slug}`, label: found.workspace.name }}>
        {t("lead", { workspace: found.workspace.name })}
      </PageHeader>
      {chosen ? (
        <ClientMessages namespaces={["editor"]}>
          <StartArticleForm
            organization={org}
            workspace={slug}
            feeds={feeds.map(({ id, name, posting }) => ({ id, name: name ?? news("first"), hint: posting === "admins" ? t("adminsOnly") : null }))}
            chosen={chosen.id}
            idempotencyKey={newId("request")}
          />
        </ClientMessages>
      ) : (
        <EmptyState icon={PenLine} title={t("closedTitle")}>
          {t("closed")}
        </EmptyState>
      )}
    </div>
  );
}

function missing(error: unknown): never {
  if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
  throw error;
}
