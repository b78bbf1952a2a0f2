import { FolderOpen } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Moment } from "@/components/settings/moment";
import { OpenProjectForm } from "@/components/subscriptions/open-project-form";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { Refused } from "@/lib/platform/errors";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { organizationWorkspaces } from "@/lib/organizations/queries";
import { closeProjectAction } from "@/lib/integrations/connections/open-projects/actions";
import { openProjectsOf, projectChoices, type OpenProject } from "@/lib/integrations/connections/open-projects/queries";

interface Props {
  params: Promise<{ org: string; connection: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subscriptions.open"))("title") };
}

export default async function OpenProjectsPage({ params }: Props) {
  const { org, connection: id } = await params;
  const home = `/${org}/settings/integrations/${id}`;
  const member = await pageMember(org, `${home}/projects`);
  const { connection, projects } = await choicesFor(member, id);
  const [t, open, workspaces] = await Promise.all([getTranslations("subscriptions.open"), openProjectsOf(member, id), organizationWorkspaces(member)]);
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col">
        <BackLink href={home} label={connection.name} />
        <p className="text-sm text-pretty text-ink-muted">{t("lead")}</p>
      </div>
      <Card id="open" title={t("title")} flush>
        {open.length === 0 ? (
          <EmptyState icon={FolderOpen} title={t("emptyTitle")}>
            {t("empty")}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {open.map((project) => (
              <Row key={`${project.projectId} ${project.workspaceId}`} project={project} connectionId={id} member={member} />
            ))}
          </ul>
        )}
      </Card>
      <Card id="open-project" title={t("open")}>
        {workspaces.length === 0 ? (
          <p className="text-sm text-ink-muted">{t("noWorkspaces")}</p>
        ) : (
          <ClientMessages namespaces={["subscriptions"]}>
            <OpenProjectForm
              organization={org}
              connectionId={id}
              projects={projects && projects.map(({ id: projectId, key, name }) => ({ value: `${projectId} ${key}`, label: key, detail: name }))}
              workspaces={workspaces.map((workspace) => ({ value: workspace.id, label: workspace.name }))}
            />
          </ClientMessages>
        )}
      </Card>
    </div>
  );
}

async function Row({ project, connectionId, member }: { project: OpenProject; connectionId: string; member: Member }) {
  const t = await getTranslations("subscriptions.open");
  const { projectId, projectKey, workspaceId, workspaceName, openedBy, createdAt } = project;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium break-words">{projectKey}</p>
        <p className="text-sm break-words text-ink-muted">{t.rich("to", { workspace: workspaceName, name: openedBy, when: () => <Moment at={createdAt} viewer={member} /> })}</p>
      </div>
      <ConfirmedForm
        action={closeProjectAction.bind(null, member.organizationSlug, connectionId)}
        values={{ projectId, workspaceId }}
        question={t("closeConfirm")}
        aria-label={t("closeNamed", { project: projectKey, workspace: workspaceName })}
      >
        {t("close")}
      </ConfirmedForm>
    </li>
  );
}

/** For whoever may not manage connections there is nothing here. */
async function choicesFor(member: Member, id: string) {
  try {
    return await projectChoices(member, id);
  } catch (error) {
    if (error instanceof Refused && (error.code === "NOT_FOUND" || error.code === "FORBIDDEN")) notFound();
    throw error;
  }
}
