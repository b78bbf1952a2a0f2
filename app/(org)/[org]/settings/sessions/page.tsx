import { Laptop } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import { SmallForm } from "@/components/settings/small-form";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { currentSession } from "@/lib/platform/auth/session";
import { revokeOtherSessionsAction, revokeSessionAction } from "@/lib/organizations/account/actions";
import { mySessions } from "@/lib/organizations/account/queries";
import { pageMember } from "@/lib/organizations/actor";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sessions"))("title") };
}

export default async function SessionsPage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/sessions`);
  const session = await currentSession();
  const t = await getTranslations("settings.sessions");
  const sessions = session ? await mySessions(session) : [];
  const nameOf = ({ browser, system }: (typeof sessions)[number]) =>
    browser && system ? t("on", { browser, system }) : (browser ?? system ?? t("unknown"));
  return (
    <>
      <Card id="sessions" title={t("title")} flush>
        <p className="px-4 pt-4 text-sm text-ink-muted">{t("lead")}</p>
        <ul className="mt-2 divide-y divide-line">
          {sessions.map((row) => (
            <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
              <Laptop aria-hidden className="size-5 shrink-0 text-ink-faint" />
              <div className="min-w-0 flex-1 basis-48">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  {nameOf(row)}
                  {row.isCurrent && <Badge tone="accent">{t("current")}</Badge>}
                </p>
                <p className="text-sm text-ink-muted">
                  {t.rich("signedIn", { when: () => <Moment at={row.createdAt} viewer={member} /> })} ·{" "}
                  {t.rich("lastSeen", { when: () => <Moment at={row.lastSeenAt} viewer={member} /> })}
                </p>
              </div>
              {!row.isCurrent && (
                <SmallForm action={revokeSessionAction} values={{ sessionId: row.id }} aria-label={t("revokeNamed", { name: nameOf(row) })}>
                  {t("revoke")}
                </SmallForm>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted">{sessions.length > 1 ? t("revokeOthersHint") : t("only")}</p>
        {sessions.length > 1 && (
          <SmallForm action={revokeOtherSessionsAction} values={{}} variant="danger" aria-label={t("revokeOthers")}>
            {t("revokeOthers")}
          </SmallForm>
        )}
      </div>
    </>
  );
}
