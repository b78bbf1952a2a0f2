import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";

const scopes = "read:jira-work, write:jira-work, read:jira-user, manage:jira-webhook";

/** What whoever runs this server has to do before anybody can connect a site. */
export async function JiraNotSetUp({ callbackUrl }: { callbackUrl: string }) {
  const t = await getTranslations("integrations.notSetUp");
  return (
    <Card id="not-set-up" title={t("title")}>
      <p className="mb-3 text-sm text-ink-muted">{t("lead")}</p>
      <ol className="flex list-decimal flex-col gap-2 pl-5 text-sm break-words">
        <li>{t("app")}</li>
        <li>{t("scopes", { scopes })}</li>
        <li>{t("callback", { url: callbackUrl })}</li>
        <li>{t("variables", { id: "JIRA_CLIENT_ID", secret: "JIRA_CLIENT_SECRET" })}</li>
      </ol>
    </Card>
  );
}
