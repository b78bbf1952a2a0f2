import { FolderX } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { CreateForm } from "@/components/issues/create-form";
import { LinkAccount, NoSite } from "@/components/issues/link-account";
import { PlaceForm } from "@/components/issues/place-form";
import { Waiting } from "@/components/issues/waiting";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { newId } from "@/lib/platform/ids";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { createIssueAction } from "@/lib/integrations/issues/acting/actions";
import { jiraSites, linkPath } from "@/lib/integrations/issues/desk/queries";
import { newIssueChoices } from "@/lib/integrations/issues/lookup/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("issues.create"))("title") };
}

export default async function NewIssuePage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/issues/new`);
  const [connection, project, type, whole] = await Promise.all(["connection", "project", "type", "whole"].map((name) => queryText(searchParams, name)));
  const [t, sites] = await Promise.all([getTranslations("issues"), jiraSites(member)]);
  const site = sites.find(({ id }) => id === connection) ?? sites[0];
  if (connection && site?.id !== connection) notFound();
  const fields = site && <Fields member={member} sites={sites} connectionId={site.id} project={project} typeId={type} />;
  const wholeHref = `/${org}/issues/new?${new URLSearchParams({ ...(site && { connection: site.id }), ...(project && { project }), ...(type && { type }), whole: "1" })}`;
  return (
    <ClientMessages namespaces={["issues"]}>
      <PageHeader title={t("create.title")} back={{ href: `/${org}/issues`, label: t("back") }} />
      {fields ? whole === "1" ? fields : <Suspense fallback={<Waiting wholeHref={wholeHref} />}>{fields}</Suspense> : <NoSite organization={org} mayConnect={member.role !== "member"} />}
    </ClientMessages>
  );
}

interface FieldsProps {
  member: Member;
  sites: { id: string; name: string }[];
  connectionId: string;
  project?: string;
  typeId?: string;
}

async function Fields({ member, sites, connectionId, project, typeId }: FieldsProps) {
  const t = await getTranslations("issues");
  const org = member.organizationSlug;
  const choices = await newIssueChoices(member, { connectionId, project, typeId }).catch((error: unknown) => {
    if (error instanceof Refused) return error;
    throw error;
  });
  if (choices instanceof Refused) {
    const isLink = choices.code === "ACCOUNT_NEEDED" || choices.code === "RECONNECT_NEEDED";
    if (isLink) return <LinkAccount href={linkPath(org, `/${org}/issues/new`)} broken={choices.code === "RECONNECT_NEEDED"} />;
    return (
      <Notice tone="caution" role="status" title={choices.code === "JIRA_UNAVAILABLE" ? t("silent.title") : t("refused.title")}>
        {choices.code === "JIRA_UNAVAILABLE" ? t("silent.text") : choices.message}
      </Notice>
    );
  }
  const { projects, types, type, screen, people, jiraUrl } = choices;
  if (!choices.project) {
    return (
      <Card flush>
        <EmptyState icon={FolderX} title={t("create.noProjects")}>
          {t("create.noProjectsText")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <PlaceForm
        organization={org}
        sites={sites.map(({ id, name }) => ({ value: id, label: name }))}
        projects={projects.map(({ key, name }) => ({ value: key, label: `${name} (${key})` }))}
        types={types.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={{ connection: connectionId, project: choices.project.key, type: type?.id ?? "" }}
      />
      {screen && screen.missing.length > 0 && (
        <Notice tone="caution" className="mb-5">
          {t("create.missing", { fields: screen.missing.join(", ") })}{" "}
          {jiraUrl && (
            <a href={jiraUrl} target="_blank" rel="noopener noreferrer" className="link">
              {t("create.openJira")}
            </a>
          )}
        </Notice>
      )}
      {screen && type && (
        <CreateForm
          key={`${choices.project.key} ${type.id}`}
          action={createIssueAction.bind(null, org)}
          connectionId={connectionId}
          project={choices.project.key}
          typeId={type.id}
          screen={screen}
          people={people}
          idempotencyKey={newId("request")}
        />
      )}
    </>
  );
}
