import { Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { removeFromWorkspaceAction } from "@/lib/organizations/workspaces/actions";
import type { WorkspaceMember, WorkspacePlace } from "@/lib/organizations/workspaces/queries";

interface Props {
  organization: string;
  workspace: WorkspacePlace;
  members: WorkspaceMember[];
  viewer: Viewer;
}

/** One's own row offers no removal: leaving has a place and words of its own below. */
export async function WorkspaceMemberList({ organization, workspace, members, viewer }: Props) {
  const t = await getTranslations("workspaces.members");
  const formats = formatsFor(viewer);
  if (members.length === 0) {
    return (
      <EmptyState icon={Users} title={t("emptyTitle")}>
        {t("empty")}
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {members.map((member) => (
        <li key={member.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
          <Avatar name={member.name} id={member.email} size="lg" />
          <div className="min-w-0 flex-1 basis-32">
            <p className="flex flex-wrap items-center gap-x-2 font-medium">
              <span className="min-w-0 break-words">{member.name}</span>
              {member.isYou && <Badge>{t("you")}</Badge>}
            </p>
            <p className="text-sm break-all text-ink-muted">{member.email}</p>
            <p className="text-sm text-ink-muted">
              {t.rich("since", { when: () => <time dateTime={member.since.toISOString()}>{formats.day(member.since)}</time> })}
            </p>
          </div>
          {workspace.manages && !member.isYou && (
            <ConfirmedForm
              action={removeFromWorkspaceAction.bind(null, organization, workspace.id)}
              values={{ memberId: member.id }}
              question={t("removeText", { name: member.name, workspace: workspace.name })}
              aria-label={t("removeNamed", { name: member.name, workspace: workspace.name })}
            >
              {t("remove")}
            </ConfirmedForm>
          )}
        </li>
      ))}
    </ul>
  );
}
