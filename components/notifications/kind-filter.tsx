import { Check, ChevronDown, ListFilter } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { buttonStyle } from "@/components/ui/button-style";
import { Menu, MenuLink } from "@/components/ui/menu";
import { categories, type Category } from "@/lib/notifications/inputs";

interface Props {
  chosen: Category | undefined;
  hrefOf: (category: Category | undefined) => string;
}

/** Narrows the inbox to one kind of notification. */
export async function KindFilter({ chosen, hrefOf }: Props) {
  const [t, names] = await Promise.all([getTranslations("inbox"), getTranslations("preferences.grid.categories")]);
  return (
    <Menu
      label={t("kinds")}
      buttonClassName={buttonStyle("secondary", "sm", "cursor-pointer")}
      button={
        <>
          <ListFilter aria-hidden className="size-4" />
          {chosen ? names(`${chosen}.name`) : t("allKinds")}
          <ChevronDown aria-hidden className="size-4 text-ink-muted" />
        </>
      }
    >
      {[undefined, ...categories].map((category) => (
        <MenuLink key={category ?? ""} href={hrefOf(category)} aria-current={category === chosen || undefined}>
          <Check aria-hidden className={category === chosen ? "size-4 text-accent-ink" : "invisible size-4"} />
          {category ? names(`${category}.name`) : t("allKinds")}
        </MenuLink>
      ))}
    </Menu>
  );
}
