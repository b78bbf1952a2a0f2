import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Cell, HeadCell, Table } from "@/components/ui/table";
import type { failureRates, providerStates } from "@/lib/notifications/console/health/queries";
import type { DeliveryWords } from "./words";

interface Props {
  rates: Awaited<ReturnType<typeof failureRates>>;
  providers: ReturnType<typeof providerStates>;
  words: DeliveryWords;
  locale: string;
}

const tones = { open: "danger", "half-open": "caution", closed: "positive" } as const;

/** How often calls to each provider fail, and which provider is known to be away. */
export function ProviderHealth({ rates, providers, words: { t }, locale }: Props) {
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const said = ({ calls, failed }: { calls: number; failed: number }) => {
    if (calls === 0) return <span className="text-ink-muted">{t("health.none")}</span>;
    if (failed === 0) return t("health.well", { calls });
    return <span className="font-medium text-danger">{t("health.rate", { calls, failed, percent: percent.format(failed / calls) })}</span>;
  };
  return (
    <Card id="health" title={t("health.title")} flush>
      {providers.length > 0 && (
        <ul className="flex flex-wrap gap-2 border-b border-line px-4 py-3">
          {providers.map(({ provider, state }) => (
            <li key={provider}>
              <Badge tone={tones[state]} className="whitespace-normal">
                {t(`health.providers.${state}`, { provider })}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {rates.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-muted">{t("health.empty")}</p>
      ) : (
        <Table
          caption={t("health.title")}
          head={
            <>
              <HeadCell>{t("health.channel")}</HeadCell>
              <HeadCell>{t("health.1h")}</HeadCell>
              <HeadCell>{t("health.24h")}</HeadCell>
              <HeadCell>{t("health.7d")}</HeadCell>
            </>
          }
        >
          {rates.map(({ channel, lastHour, lastDay, lastWeek }) => (
            <tr key={channel}>
              <th scope="row" className="px-4 py-2.5 text-left align-top font-medium whitespace-nowrap">
                {t(`channels.${channel}`)}
              </th>
              {[lastHour, lastDay, lastWeek].map((window, index) => (
                <Cell key={index} className="min-w-36">
                  {said(window)}
                </Cell>
              ))}
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
