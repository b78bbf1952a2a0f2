import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { InviteForm } from "@/components/settings/invite-form";
import { MemberList } from "@/components/settings/member-list";
import { PendingList } from "@/components/settings/pending-list";
import { Card } from "@/components/ui/card";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { pendingInvitations } from "@/lib/organizations/invitations/queries";
import { memberRows, organizationWorkspaces, settingsAccess } from "@/lib/organizations/queries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("organizations.members"))("title") };
}

export default async function MembersPage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/members`);
  const t = await getTranslations("organizations.members");
  const rows = await memberRows(member);
  return (
    <div className="flex flex-col gap-6">
      {settingsAccess(member).manages && <Invitations member={member} />}
      <Card id="members" title={t("count", { count: rows.length })} flush>
        <MemberList organization={org} rows={rows} viewer={member} />
      </Card>
    </div>
  );
}

async function Invitations({ member }: { member: Member }) {
  const t = await getTranslations("organizations");
  const [pending, workspaces] = await Promise.all([pendingInvitations(member), organizationWorkspaces(member)]);
  const slug = member.organizationSlug;
  return (
    <>
      <Card id="invite" title={t("invite.title")}>
        <InviteForm organization={slug} roles={settingsAccess(member).invitableRoles} workspaces={workspaces} />
      </Card>
      <Card id="pending" title={t("pending.title")} flush>
        <PendingList organization={slug} invitations={pending} viewer={member} />
      </Card>
    </>
  );
}
