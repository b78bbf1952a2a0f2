import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { SmallForm } from "@/components/settings/small-form";
import { setUnsignedAction } from "@/lib/integrations/connections/actions";

interface Props {
  organization: string;
  connectionId: string;
  allowed: boolean;
}

/** Whether anything that proves nothing is taken; while it is, the top of the page warns of it. */
export async function UnsignedSwitch({ organization, connectionId, allowed }: Props) {
  const t = await getTranslations("integrations.unsigned");
  const action = setUnsignedAction.bind(null, organization);
  if (!allowed) {
    return (
      <div className="flex flex-col items-start gap-3 text-sm">
        <p className="text-ink-muted">{t("lead")}</p>
        <ConfirmedForm action={action} values={{ connectionId, allowed: "yes" }} question={t("allowQuestion")} aria-label={t("allow")}>
          {t("allow")}
        </ConfirmedForm>
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-3 text-sm">
      <p>{t("on")}</p>
      <SmallForm action={action} values={{ connectionId, allowed: "no" }} aria-label={t("refuse")}>
        {t("refuse")}
      </SmallForm>
    </div>
  );
}
