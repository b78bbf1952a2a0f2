import { getTranslations } from "next-intl/server";
import { Segments } from "@/components/ui/tabs";

/** One's own choices and, for admins, what holds where nobody chose. */
export async function NotificationViews({ organization, current }: { organization: string; current: "mine" | "organization" }) {
  const t = await getTranslations("preferences.views");
  const home = `/${organization}/settings/notifications`;
  return (
    <Segments
      label={t("label")}
      tabs={[
        { href: home, label: t("mine"), current: current === "mine" },
        { href: `${home}/organization`, label: t("organization"), current: current === "organization" },
      ]}
    />
  );
}
