import { Check } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { MenuButton, MenuHeading } from "@/components/ui/menu";
import { chooseLocaleAction } from "@/lib/platform/i18n/actions";
import { localeNames, locales } from "@/lib/platform/i18n/locales";

/** One button a language, inside a menu; a form, so that it works before scripts. */
export async function LanguageChoice() {
  const [t, current] = await Promise.all([getTranslations("shell"), getLocale()]);
  return (
    <form action={chooseLocaleAction}>
      <MenuHeading>{t("language")}</MenuHeading>
      {locales.map((locale) => (
        <MenuButton key={locale} type="submit" name="locale" value={locale} lang={locale} aria-pressed={locale === current}>
          <Check aria-hidden className={locale === current ? "size-4 text-accent-ink" : "invisible size-4"} />
          {localeNames[locale]}
        </MenuButton>
      ))}
    </form>
  );
}
