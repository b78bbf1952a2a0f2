import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { unlinkAccountAction } from "@/lib/integrations/people/actions";
import type { Person } from "@/lib/integrations/people/queries";

/** Who the reader is in Jira, and why it is good to say so. */
export async function AccountCard({ organization, person }: { organization: string; person: Person | null }) {
  const t = await getTranslations("subscriptions.account");
  // A consent begins elsewhere and must not be fetched ahead: a plain link.
  const start = `/oauth/jira/start?${new URLSearchParams({ organization, purpose: "link", return: `/${organization}/settings/subscriptions` })}`;
  return (
    <Card id="account" title={t("title")}>
      <div className="flex flex-col gap-4 text-sm">
        {person?.broken && <Notice tone="caution">{t("broken", { name: person.accountName })}</Notice>}
        {person && !person.broken && <p className="font-medium">{t("linked", { name: person.accountName })}</p>}
        {!person && <p>{t("none")}</p>}
        <p className="text-pretty text-ink-muted">{t("why")}</p>
        <div className="flex flex-wrap items-start gap-2">
          {(!person || person.broken) && (
            <a href={start} className={buttonStyle("primary", "sm")}>
              {t(person ? "again" : "link")}
            </a>
          )}
          {person && (
            <ConfirmedForm action={unlinkAccountAction.bind(null, organization)} values={{}} question={t("unlinkConfirm")} aria-label={t("unlinkNamed")}>
              {t("unlink")}
            </ConfirmedForm>
          )}
        </div>
      </div>
    </Card>
  );
}
