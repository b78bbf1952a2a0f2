import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { buttonStyle } from "@/components/ui/button-style";
import type { WebhookDetail } from "@/lib/integrations/ingest/queries";
import { headerLines, Raw } from "./event-deliveries";

/** What came, as it came: headers without anything secret, and the body, indented where it is JSON. */
export async function EventRaw({ event, download }: { event: WebhookDetail; download: string }) {
  const t = await getTranslations("integrations.event");
  return (
    <>
      <Card id="headers" title={t("headers")}>
        <p className="text-xs text-ink-muted">{t("headersHint")}</p>
        <Raw text={headerLines(event.headers)} />
      </Card>
      <Card
        id="body"
        title={t("body")}
        aside={
          event.body.bytes > 0 && (
            <a href={download} download className={buttonStyle("secondary", "sm")}>
              {t("download")}
            </a>
          )
        }
      >
        {event.body.isCut && <p className="text-xs text-ink-muted">{t("cut")}</p>}
        {event.body.bytes === 0 ? <p className="text-sm text-ink-muted">{t("emptyBody")}</p> : <Raw text={event.body.text} />}
      </Card>
    </>
  );
}
