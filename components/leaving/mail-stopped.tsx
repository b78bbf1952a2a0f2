import { getTranslations } from "next-intl/server";
import { SmallForm } from "@/components/settings/small-form";
import { Notice } from "@/components/ui/notice";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { liftStopAction } from "@/lib/notifications/addresses/actions";
import type { MailStop } from "@/lib/notifications/addresses/queries";

/** Whoever cannot be told by mail is told here, on every page, until they try again. */
export async function MailStopped({ stop, organization, viewer }: { stop: MailStop; organization: string; viewer: Viewer }) {
  const t = await getTranslations("leaving.stopped");
  const when = formatsFor(viewer).dayTime(stop.stoppedAt);
  return (
    <ClientMessages namespaces={[]}>
      <Notice tone="caution" title={t("title", { address: stop.address })} className="mb-6">
        <p className="break-words">{t(stop.reason, { when })}</p>
        {stop.detail !== stop.reason && <p className="mt-1 break-words text-ink-muted">{t("detail", { detail: stop.detail })}</p>}
        <div className="mt-2">
          <SmallForm action={liftStopAction.bind(null, organization)} values={{}} aria-label={t("liftNamed", { address: stop.address })}>
            {t("lift")}
          </SmallForm>
        </div>
      </Notice>
    </ClientMessages>
  );
}
