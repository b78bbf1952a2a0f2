import { Newspaper } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { SmallForm } from "@/components/settings/small-form";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { AddMemberForm } from "@/components/workspaces/add-member-form";
import { CreateFeedForm } from "@/components/workspaces/feed-forms";
import { FeedList } from "@/components/workspaces/feed-list";
import { WorkspaceMemberList } from "@/components/workspaces/workspace-member-list";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { feedsOf } from "@/lib/feed/feeds/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { addToWorkspaceAction, leaveWorkspaceAction } from "@/lib/organizations/workspaces/actions";
import { addableTo, workspaceMembersOf, workspacePlace, type WorkspacePlace } from "@/lib/organizations/workspaces/queries";

interface Props {
  params: Promise<{ org: string; workspace: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { org, workspace } = await params;
  return { title: (await found(await pageMember(org, `/${org}/settings/workspaces/${workspace}`), workspace)).name };
}

export default async function WorkspaceSettingsPage({ params }: Props) {
  const { org, workspace: slug } = await params;
  const member = await pageMember(org, `/${org}/settings/workspaces/${slug}`);
  const workspace = await found(member, slug);
  const [t, members, addable, feeds] = await Promise.all([
    getTranslations("workspaces"),
    workspaceMembersOf(member, workspace.id),
    workspace.manages ? addableTo(member, workspace.id) : [],
    workspace.isIn ? feedsOf(member, workspace.id) : [],
  ]);
  return (
    <ClientMessages namespaces={["settings", "organizations", "workspaces"]}>
      <div className="flex flex-col gap-6">
        <div>
          <BackLink href={`/${org}/settings/organization#workspaces`} label={t("back")} />
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h2 className="min-w-0 text-lg font-semibold break-words">{workspace.name}</h2>
            {workspace.isIn && (
              <LinkButton href={`/${org}/w/${workspace.slug}`} size="sm">
                <Newspaper aria-hidden className="size-4" />
                {t("openNews")}
              </LinkButton>
            )}
          </div>
          {!workspace.isIn && (
            <Notice className="mt-3">
              <div className="flex flex-wrap items-center justify-between gap-3">
                <p className="min-w-0 flex-1 basis-60">{t("notIn")}</p>
                <SmallForm
                  action={addToWorkspaceAction.bind(null, org, workspace.id)}
                  values={{ memberIds: member.id }}
                  aria-label={t("joinNamed", { workspace: workspace.name })}
                >
                  {t("join")}
                </SmallForm>
              </div>
            </Notice>
          )}
        </div>
        <Card id="members" title={t("members.title", { count: members.length })} flush>
          <p className="px-4 pt-4 text-sm text-ink-muted">{t("members.lead")}</p>
          {workspace.manages && (
            <div className="border-b border-line p-4">
              {addable.length > 0 ? (
                <AddMemberForm organization={org} workspaceId={workspace.id} people={addable} />
              ) : (
                <p className="text-sm">{t("members.everybody")}</p>
              )}
              <p className="mt-2 text-xs text-ink-muted">
                {t.rich("members.inviteHint", {
                  link: (words) => (
                    <Link href={`/${org}/settings/members#invite`} className="link">
                      {words}
                    </Link>
                  ),
                })}
              </p>
            </div>
          )}
          <WorkspaceMemberList organization={org} workspace={workspace} members={members} viewer={member} />
        </Card>
        <Card id="feeds" title={t("feeds.title")} flush>
          <p className="px-4 py-4 text-sm text-ink-muted">{workspace.isIn ? t("feeds.lead") : t("feeds.outside")}</p>
          {workspace.isIn && (
            <div className="border-t border-line">
              <FeedList organization={org} workspaceId={workspace.id} feeds={feeds} manages={workspace.manages} />
            </div>
          )}
          {workspace.isIn && workspace.manages && (
            <div className="border-t border-line p-4">
              <CreateFeedForm organization={org} workspaceId={workspace.id} />
            </div>
          )}
        </Card>
        {workspace.isIn && (
          <Card id="leave" title={t("leave.title", { workspace: workspace.name })}>
            <div className="flex flex-wrap items-start justify-between gap-3">
              <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted">{t("leave.text")}</p>
              <ConfirmedForm
                action={leaveWorkspaceAction.bind(null, org, workspace.id)}
                values={{}}
                question={t("leave.text")}
                aria-label={t("leave.title", { workspace: workspace.name })}
              >
                {t("leave.submit")}
              </ConfirmedForm>
            </div>
          </Card>
        )}
      </div>
    </ClientMessages>
  );
}

async function found(member: Member, slug: string): Promise<WorkspacePlace> {
  try {
    return await workspacePlace(member, slug);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
