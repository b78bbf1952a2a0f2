import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  children: ReactNode;
  params: Promise<{ org: string }>;
}

export default async function WebhooksLayout({ children, params }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/webhooks`);
  if (!settingsAccess(member).manages) notFound();
  return <ClientMessages namespaces={["settings", "endpoints"]}>{children}</ClientMessages>;
}
