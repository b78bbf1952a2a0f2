import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Moment } from "@/components/settings/moment";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { Health } from "@/lib/integrations/connections/health/queries";

/** Everything that is known of how a connection is: its token, its webhook, what waits, what came, what may be missing. */
export async function HealthPanel({ health, viewer }: { health: Health; viewer: Viewer }) {
  const t = await getTranslations("integrations.health");
  const { token, webhook, lag, day, gap } = health;
  const when = (at: Date) => ({ when: () => <Moment at={at} viewer={viewer} /> });
  const tokenWords = t(`tokenStates.${token.state}`);
  return (
    <dl className="grid gap-x-6 gap-y-4 text-sm sm:grid-cols-2">
      {token.state !== "none" && (
        <Fact label={t("token")}>
          {token.accountName ? t("tokenOf", { state: tokenWords, account: token.accountName }) : tokenWords}
          {token.since && <Note>{t.rich(token.state === "broken" ? "since" : "renewed", when(token.since))}</Note>}
        </Fact>
      )}
      <Fact label={t("webhook")}>
        {t(`webhookStates.${webhook.state}`)}
        {webhook.state === "refused" && webhook.refusedAt && <Note>{t.rich("refused", when(webhook.refusedAt))}</Note>}
        {webhook.state !== "refused" && webhook.verifiedAt && <Note>{t.rich("verified", when(webhook.verifiedAt))}</Note>}
        {webhook.lapsesAt && <Note>{t.rich("lapses", when(webhook.lapsesAt))}</Note>}
        {webhook.renewalError && <Note>{t("renewalFailed", { detail: webhook.renewalError })}</Note>}
      </Fact>
      <Fact label={t("last")}>{health.lastReceivedAt ? <Moment at={health.lastReceivedAt} viewer={viewer} /> : t("never")}</Fact>
      <Fact label={t("lag")}>
        {!lag.unreadSince && !lag.untoldSince && t("nothingWaits")}
        {lag.unreadSince && <p>{t.rich("unread", { count: lag.unread, ...when(lag.unreadSince) })}</p>}
        {lag.untoldSince && <p>{t.rich("untold", { count: lag.untold, ...when(lag.untoldSince) })}</p>}
        {health.pausedAt && lag.unread > 0 && <Note>{t("keptWhilePaused")}</Note>}
      </Fact>
      <Fact label={t("day")}>{t("counts", day)}</Fact>
      <Fact label={t("gap")}>
        {gap.since ? t.rich("gapSince", when(gap.since)) : t("noGap")}
        {gap.reconciledAt && <Note>{t.rich("reconciled", when(gap.reconciledAt))}</Note>}
      </Fact>
    </dl>
  );
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-ink-muted">{label}</dt>
    <dd className="break-words">{children}</dd>
  </div>
);

const Note = ({ children }: { children: ReactNode }) => <span className="block text-xs text-ink-muted first-letter:uppercase">{children}</span>;
