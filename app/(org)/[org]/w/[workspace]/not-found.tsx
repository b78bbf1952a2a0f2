import { Lock } from "lucide-react";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { LostPage } from "@/components/articles/lost-page";
import { LinkButton } from "@/components/ui/link-button";
import { pageMember } from "@/lib/organizations/actor";
import { organizationWorkspaces, settingsAccess } from "@/lib/organizations/queries";

/** For who is not in the workspace, and for an address of none: the same words, because whether there is one is not theirs to know. */
export default async function NoWorkspace() {
  const [, org = "", , slug = ""] = ((await headers()).get("x-path") ?? "").split(/[/?]/);
  const [t, member] = await Promise.all([getTranslations("news.lost"), pageMember(org)]);
  const mayJoin = settingsAccess(member).manages && (await organizationWorkspaces(member)).some((workspace) => workspace.slug === slug);
  return (
    <LostPage icon={Lock} title={t("workspaceTitle")} home={`/${org}`} homeLabel={t("home")}>
      {t("workspace", { organization: member.organizationName })}
      {mayJoin && (
        <span className="mt-4 block">
          <LinkButton href={`/${org}/settings/workspaces/${slug}`}>{t("settings")}</LinkButton>
        </span>
      )}
    </LostPage>
  );
}
