import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import { buttonStyle } from "@/components/ui/button-style";
import { Notice } from "@/components/ui/notice";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { Health } from "@/lib/integrations/connections/health/queries";
import { reconnectPath } from "./manage-connection";

interface Props {
  organization: string;
  connectionId: string;
  health: Health;
  viewer: Viewer;
}

const reasons = ["unsigned", "signature", "expired", "wrong-kind", "unknown-hook"] as const;

/** What is wrong and what to do about it, before everything else on the page. */
export async function ConnectionNotices({ organization, connectionId, health, viewer }: Props) {
  const t = await getTranslations("integrations");
  const { token, webhook, pausedAt } = health;
  const reason = webhook.state === "refused" ? reasons.find((known) => known === webhook.refusedReason) : undefined;
  return (
    <>
      {token.state === "broken" && (
        <Notice tone="danger" title={t("broken.title")}>
          <p className="mb-3">{t("broken.text", { detail: token.detail ?? t("broken.unknown") })}</p>
          <a href={reconnectPath(organization, connectionId)} className={buttonStyle("primary", "sm")}>
            {t("broken.reconnect")}
          </a>
        </Notice>
      )}
      {reason && <Notice tone="caution">{t(`refusedReasons.${reason}`)}</Notice>}
      {webhook.allowsUnsigned && (
        <Notice tone="danger" title={t("unsigned.on")}>
          {t("unsigned.warning")}
        </Notice>
      )}
      {pausedAt && (
        <Notice title={t("paused.title")}>
          <p>{t.rich("paused.text", { when: () => <Moment at={pausedAt} viewer={viewer} /> })}</p>
        </Notice>
      )}
    </>
  );
}
