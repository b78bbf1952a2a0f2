import { Link2, Plug } from "lucide-react";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";

/** What somebody without an account of their own over there reads instead, and the way to link one. */
export function LinkAccount({ href, broken }: { href: string; broken: boolean }) {
  const t = useTranslations("issues.link");
  return (
    <Card flush>
      <EmptyState
        icon={Link2}
        title={broken ? t("brokenTitle") : t("title")}
        action={
          // A plain address: it leads to Atlassian, and nothing may fetch it ahead of the press.
          <a href={href} className={buttonStyle("primary")}>
            {t("action")}
          </a>
        }
      >
        {broken ? t("brokenText") : t("text")}
      </EmptyState>
    </Card>
  );
}

export function NoSite({ organization, mayConnect }: { organization: string; mayConnect: boolean }) {
  const t = useTranslations("issues.none");
  return (
    <Card flush>
      <EmptyState icon={Plug} title={t("title")} action={mayConnect && <LinkButton href={`/${organization}/settings/integrations`}>{t("action")}</LinkButton>}>
        {t("text")}
      </EmptyState>
    </Card>
  );
}
