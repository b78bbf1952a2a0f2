import { CalendarDays, Check, ChevronsUpDown, Hash, House, Inbox, LogOut, Newspaper, Plus, Search, Settings, SquareKanban, UserRound } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar";
import { LinkButton } from "@/components/ui/link-button";
import { LogoMark } from "@/components/ui/logo";
import { SignOut } from "@/components/preferences/sign-out";
import { Menu, MenuButton, MenuHeading, MenuLine, MenuLink } from "@/components/ui/menu";
import { LanguageChoice } from "./language-choice";
import { NavLink } from "./nav-link";
import { NewsLink } from "./news-link";
import { Shortcuts } from "./shortcuts";
import { AnyUnreadMark, UnreadMark } from "./unread-news";

interface Props {
  organization: { slug: string; name: string };
  organizations: { slug: string; name: string }[];
  /** Those that the person is in. */
  workspaces: { id: string; name: string; slug: string }[];
  /** The workspace that this browser showed last, and the cookie that keeps it. */
  lastWorkspace: { slug: string | undefined; cookie: string };
  person: { name: string; email: string };
  inboxBadge?: ReactNode;
  /** There is a place elsewhere whose issues can be looked up. */
  hasIssues?: boolean;
  /** What keeps e-mail and push away now: a mark beside the person, and the way in and out of it. */
  silence?: { mark: ReactNode; items: ReactNode };
  children: ReactNode;
}

/** The frame of every page inside an organization: a sidebar on wide screens, a bar at the bottom of narrow ones. */
export async function Shell({ children, ...props }: Props) {
  const t = await getTranslations();
  const home = `/${props.organization.slug}`;
  const overview = { href: home, exact: true, icon: House, label: t("shell.dashboard") };
  const calendar = { href: `${home}/meetings`, icon: CalendarDays, label: t("shell.calendar") };
  const inbox = { href: `${home}/inbox`, icon: Inbox, label: t("shell.inbox"), badge: props.inboxBadge };
  const issues = props.hasIssues ? [{ href: `${home}/issues`, icon: SquareKanban, label: t("shell.issues") }] : [];
  const search = { href: `${home}/search`, icon: Search, label: t("shell.search") };
  const settings = { href: `${home}/settings`, icon: Settings, label: t("shell.settings") };
  const sideways = [overview, calendar, inbox, ...issues, search, settings];
  const slugs = props.workspaces.map(({ slug }) => slug);
  const last = slugs.find((slug) => slug === props.lastWorkspace.slug) ?? slugs[0];
  // Five at most fit side by side on a phone: search stands above, and the settings under the person.
  const below = last === undefined || issues.length === 0 ? [calendar, inbox, ...issues, settings] : [calendar, inbox, ...issues];
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-lg bg-ink px-4 py-2 text-sm text-canvas focus:translate-y-0"
      >
        {t("common.skip")}
      </a>

      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-sunken px-3 py-3 md:flex">
        <OrganizationMenu {...props} />
        <LinkButton href={`${home}/meetings/new`} variant="primary" className="mt-3 mb-3 w-full" aria-keyshortcuts="c">
          <Plus aria-hidden className="size-4" />
          {t("shell.book")}
        </LinkButton>
        <nav aria-label={t("shell.navigation")} className="flex flex-col gap-0.5">
          {sideways.map(({ icon: Icon, label, ...place }) => (
            <NavLink key={place.href} {...place} look="side" icon={<Icon aria-hidden className="size-4.5 shrink-0" />}>
              {label}
            </NavLink>
          ))}
        </nav>
        {props.workspaces.length > 0 && (
          <nav aria-labelledby="workspaces-of-mine" className="scroll-quiet mt-5 min-h-0 flex-1 overflow-y-auto">
            <h2 id="workspaces-of-mine" className="px-2.5 pb-1 text-xs font-medium tracking-normal text-ink-muted">
              {t("shell.workspaces")}
            </h2>
            <ul className="flex flex-col gap-0.5">
              {props.workspaces.map((workspace) => (
                <li key={workspace.id}>
                  <NavLink
                    href={`${home}/w/${workspace.slug}`}
                    look="side"
                    icon={<Hash aria-hidden className="size-4.5 shrink-0 p-px text-ink-faint" />}
                    badge={<UnreadMark workspaceId={workspace.id} />}
                  >
                    {workspace.name}
                  </NavLink>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div className="mt-auto pt-3">
          <PersonMenu {...props} side="above" />
        </div>
      </aside>

      <header className="sticky top-0 z-20 flex h-14 items-center justify-between gap-2 border-b border-line bg-canvas/95 px-3 backdrop-blur md:hidden">
        <OrganizationMenu {...props} />
        <div className="flex items-center gap-1">
          <LinkButton href={search.href} variant="ghost" size="icon" aria-label={search.label}>
            <Search aria-hidden className="size-5" />
          </LinkButton>
          <LinkButton href={`${home}/meetings/new`} variant="ghost" size="icon" aria-label={t("shell.book")}>
            <Plus aria-hidden className="size-5" />
          </LinkButton>
          <PersonMenu {...props} side="below" compact />
        </div>
      </header>

      <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-5 pb-28 outline-none sm:px-6 md:px-8 md:pt-8 md:pb-16">
        <div className="mx-auto w-full max-w-6xl has-[[data-wide]]:max-w-[96rem]">{children}</div>
      </main>

      <nav
        aria-label={t("shell.navigation")}
        className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        <NavLink {...overview} look="bar" icon={<House aria-hidden className="size-5" />}>
          {overview.label}
        </NavLink>
        {last !== undefined && (
          <NewsLink
            organization={props.organization.slug}
            slugs={slugs}
            last={last}
            cookie={props.lastWorkspace.cookie}
            icon={<Newspaper aria-hidden className="size-5" />}
            badge={<AnyUnreadMark />}
          >
            {t("shell.news")}
          </NewsLink>
        )}
        {below.map(({ icon: Icon, label, ...place }) => (
          <NavLink key={place.href} {...place} look="bar" icon={<Icon aria-hidden className="size-5" />}>
            {label}
          </NavLink>
        ))}
      </nav>
      <Shortcuts organization={props.organization.slug} />
    </div>
  );
}

async function OrganizationMenu({ organization, organizations, workspaces }: Omit<Props, "children">) {
  const t = await getTranslations("shell");
  return (
    <Menu
      label={t("switchOrganization")}
      className="min-w-0"
      buttonClassName="flex min-h-10 items-center gap-2.5 px-2 hover:bg-hover"
      button={
        <>
          <LogoMark />
          <span className="min-w-0 flex-1 truncate font-semibold">{organization.name}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-faint" />
        </>
      }
    >
      <MenuHeading>{t("organizations")}</MenuHeading>
      {organizations.map(({ slug, name }) => (
        <MenuLink key={slug} href={`/${slug}`} aria-current={slug === organization.slug || undefined}>
          <Check aria-hidden className={slug === organization.slug ? "size-4 text-accent-ink" : "invisible size-4"} />
          <span className="truncate">{name}</span>
        </MenuLink>
      ))}
      <MenuLink href="/begin">
        <Plus aria-hidden className="size-4 text-ink-muted" />
        {t("newOrganization")}
      </MenuLink>
      {workspaces.length > 0 && (
        <div className="md:hidden">
          <MenuLine />
          <MenuHeading>{t("workspaces")}</MenuHeading>
          {workspaces.map(({ id, name, slug }) => (
            <MenuLink key={id} href={`/${organization.slug}/w/${slug}`}>
              <Hash aria-hidden className="size-4 shrink-0 text-ink-faint" />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <UnreadMark workspaceId={id} />
            </MenuLink>
          ))}
        </div>
      )}
    </Menu>
  );
}

async function PersonMenu({ organization, person, silence, side, compact }: Omit<Props, "children"> & { side: "above" | "below"; compact?: boolean }) {
  const t = await getTranslations("shell");
  return (
    <Menu
      label={t("account")}
      side={side}
      align={compact ? "end" : "start"}
      buttonClassName="flex min-h-11 items-center gap-2.5 px-2 hover:bg-hover"
      button={
        <>
          <span className="relative shrink-0">
            <Avatar name={person.name} id={person.email} />
            {silence?.mark}
          </span>
          <span className={compact ? "sr-only" : "min-w-0 flex-1 leading-tight"}>
            <span className="block truncate text-sm font-medium">{person.name}</span>
            <span className="block truncate text-xs text-ink-muted">{person.email}</span>
          </span>
        </>
      }
    >
      <MenuLink href={`/${organization.slug}/settings`}>
        <UserRound aria-hidden className="size-4 text-ink-muted" />
        {t("yourSettings")}
      </MenuLink>
      {silence && (
        <>
          <MenuLine />
          {silence.items}
        </>
      )}
      <MenuLine />
      <LanguageChoice />
      <MenuLine />
      <SignOut>
        <MenuButton type="submit">
          <LogOut aria-hidden className="size-4 text-ink-muted" />
          {t("signOut")}
        </MenuButton>
      </SignOut>
    </Menu>
  );
}
