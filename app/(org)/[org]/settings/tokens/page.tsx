import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Moment } from "@/components/settings/moment";
import { TokenForm } from "@/components/settings/token-form";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { clock } from "@/lib/platform/clock";
import { pageMember } from "@/lib/organizations/actor";
import { revokeApiTokenAction } from "@/lib/organizations/tokens/actions";
import { lifetimesDays, scopes } from "@/lib/organizations/tokens/inputs";
import { myTokens } from "@/lib/organizations/tokens/queries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.tokens"))("title") };
}

export default async function TokensPage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/tokens`);
  const t = await getTranslations("settings.tokens");
  const tokens = await myTokens(member);
  const now = clock.now();
  const when = (at: Date) => ({ when: () => <Moment at={at} viewer={member} /> });
  return (
    <div className="flex flex-col gap-6">
      <Card
        id="new-token"
        title={t("createTitle")}
        aside={
          <a href="/api/openapi.json" className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
            {t("documentation")}
          </a>
        }
      >
        <p className="mb-5 text-sm text-ink-muted">{t("lead", { organization: member.organizationName })}</p>
        <TokenForm organization={org} scopes={scopes} lifetimesDays={lifetimesDays} />
      </Card>
      <Card id="tokens" title={t("list")} flush>
        {tokens.length === 0 ? (
          <EmptyState icon={KeyRound} title={t("emptyTitle")}>
            {t("empty")}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {tokens.map((token) => (
              <li key={token.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    {token.name} <code className="text-xs font-normal text-ink-muted">moim_…{token.lastFour}</code>
                    {token.expiresAt <= now && <Badge tone="caution">{t("expired")}</Badge>}
                  </p>
                  <p className="text-sm text-ink-muted">{t("permissions", { scopes: token.scopes.join(", ") })}</p>
                  <p className="text-sm text-ink-muted">
                    {t.rich("created", when(token.createdAt))} · {t.rich("expires", when(token.expiresAt))} ·{" "}
                    {token.lastUsedAt ? t.rich("used", when(token.lastUsedAt)) : t("neverUsed")}
                  </p>
                </div>
                <ConfirmedForm
                  action={revokeApiTokenAction.bind(null, org)}
                  values={{ tokenId: token.id }}
                  question={t("revokeConfirm")}
                  aria-label={t("revokeNamed", { name: token.name })}
                >
                  {t("revoke")}
                </ConfirmedForm>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}
