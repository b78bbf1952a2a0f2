import { Check, ChevronDown } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { buttonStyle } from "@/components/ui/button-style";
import { Menu, MenuLink } from "@/components/ui/menu";

interface Props {
  /** Address of the page without a workspace. */
  href: string;
  workspaces: { id: string; name: string; overrides: number }[];
  current: string | null;
}

/** Which place the grid below speaks of; links, so that a choice has an address of its own. */
export async function WorkspaceChoice({ href, workspaces, current }: Props) {
  const t = await getTranslations("preferences.grid");
  const places = [{ id: null, name: t("everywhere"), overrides: 0 }, ...workspaces];
  const here = places.find(({ id }) => id === current);
  return (
    <Menu
      label={t("where")}
      align="end"
      className="min-w-0"
      buttonClassName={buttonStyle("secondary", "sm", "max-w-full")}
      button={
        <>
          <span className="truncate">{here?.name}</span>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-muted" />
        </>
      }
    >
      {places.map(({ id, name, overrides }) => (
        <MenuLink key={id ?? "everywhere"} href={id ? `${href}?workspace=${id}` : href} scroll={false} aria-current={id === current || undefined}>
          <Check aria-hidden className={id === current ? "size-4 shrink-0 text-accent-ink" : "invisible size-4 shrink-0"} />
          <span className="min-w-0 flex-1 truncate">{name}</span>
          {overrides > 0 && (
            <Badge tone="accent">
              <span aria-hidden>{overrides}</span>
              <span className="sr-only">{t("overrides", { count: overrides })}</span>
            </Badge>
          )}
        </MenuLink>
      ))}
    </Menu>
  );
}
