import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { MailStopped } from "@/components/leaving/mail-stopped";
import { InboxBadge } from "@/components/notifications/inbox-badge";
import { RealtimeProvider } from "@/components/notifications/realtime-provider";
import { MuteItems, SilenceMark } from "@/components/preferences/mute-menu";
import { PushKeeper } from "@/components/preferences/push-keeper";
import { Shell } from "@/components/shell/shell";
import { UnreadNewsProvider } from "@/components/shell/unread-news";
import { currentSession } from "@/lib/platform/auth/session";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { wallClockIn } from "@/lib/platform/i18n/formats";
import { pushSettings } from "@/lib/platform/push";
import { realtimeSettings, workspaceChannel } from "@/lib/platform/realtime";
import { unreadByWorkspace } from "@/lib/feed/reading/queries";
import { hasJira } from "@/lib/integrations/issues/desk/queries";
import { myMailStop } from "@/lib/notifications/addresses/queries";
import { inboxCount } from "@/lib/notifications/inbox/queries";
import { interruptions } from "@/lib/notifications/preferences/queries";
import { pageMember } from "@/lib/organizations/actor";
import { myOrganizations } from "@/lib/organizations/queries";
import { myWorkspaces } from "@/lib/organizations/workspaces/queries";

interface Props {
  children: ReactNode;
  params: Promise<{ org: string }>;
}

const lastWorkspaceCookie = "moim-workspace";

export default async function OrganizationLayout({ children, params }: Props) {
  const { org } = await params;
  const member = await pageMember(org, (await headers()).get("x-path") ?? undefined);
  const session = await currentSession();
  const [organizations, workspaces, unreadNews, unread, silence, stop, hasIssues] = await Promise.all([
    session ? myOrganizations(session.user) : [],
    myWorkspaces(member),
    unreadByWorkspace(member),
    inboxCount(member),
    interruptions(member),
    myMailStop(member),
    hasJira(member),
  ]);
  return (
    <ClientMessages namespaces={["shell", "inbox"]}>
      <RealtimeProvider member={{ id: member.id, organizationId: member.organizationId, organizationSlug: member.organizationSlug }} settings={realtimeSettings()} initial={unread}>
        <UnreadNewsProvider
          organization={member.organizationSlug}
          channels={workspaces.map(({ id }) => workspaceChannel(id))}
          initial={Object.fromEntries(unreadNews.map((one) => [one.workspaceId, one.unread]))}
        >
          <Shell
            organization={{ slug: member.organizationSlug, name: member.organizationName }}
            organizations={organizations}
            workspaces={workspaces}
            lastWorkspace={{ slug: (await cookies()).get(lastWorkspaceCookie)?.value, cookie: lastWorkspaceCookie }}
            person={member}
            inboxBadge={<InboxBadge />}
            hasIssues={hasIssues}
            silence={{
              mark: <SilenceMark now={silence} viewer={member} />,
              items: <MuteItems organization={member.organizationSlug} now={silence} viewer={member} />,
            }}
          >
            {stop && <MailStopped stop={stop} organization={member.organizationSlug} viewer={member} />}
            {children}
          </Shell>
        </UnreadNewsProvider>
        <PushKeeper
          organization={member.organizationSlug}
          personId={member.userId}
          today={wallClockIn("UTC", clock.now()).date}
          publicKey={pushSettings()?.publicKey ?? null}
        />
      </RealtimeProvider>
    </ClientMessages>
  );
}
