import { headers } from "next/headers";
import type { ReactNode } from "react";
import { InboxBadge } from "@/components/notifications/inbox-badge";
import { RealtimeProvider } from "@/components/notifications/realtime-provider";
import { Shell } from "@/components/shell/shell";
import { currentSession } from "@/lib/platform/auth/session";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { realtimeSettings } from "@/lib/platform/realtime";
import { inboxCount } from "@/lib/notifications/inbox/queries";
import { pageMember } from "@/lib/organizations/actor";
import { myOrganizations, organizationWorkspaces } from "@/lib/organizations/queries";

interface Props {
  children: ReactNode;
  params: Promise<{ org: string }>;
}

export default async function OrganizationLayout({ children, params }: Props) {
  const { org } = await params;
  const member = await pageMember(org, (await headers()).get("x-path") ?? undefined);
  const session = await currentSession();
  const [organizations, workspaces, unread] = await Promise.all([
    session ? myOrganizations(session.user) : [],
    organizationWorkspaces(member),
    inboxCount(member),
  ]);
  return (
    <ClientMessages namespaces={["shell", "inbox"]}>
      <RealtimeProvider member={{ id: member.id, organizationSlug: member.organizationSlug }} settings={realtimeSettings()} initial={unread}>
        <Shell
          organization={{ slug: member.organizationSlug, name: member.organizationName }}
          organizations={organizations}
          workspaces={workspaces}
          person={member}
          inboxBadge={<InboxBadge />}
        >
          {children}
        </Shell>
      </RealtimeProvider>
    </ClientMessages>
  );
}
