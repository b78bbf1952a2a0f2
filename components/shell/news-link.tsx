"use client";

import { usePathname } from "next/navigation";
import { useEffect, type ReactNode } from "react";
import { NavLink } from "./nav-link";

interface Props {
  organization: string;
  /** The workspaces of the member, and where they were last. */
  slugs: string[];
  last: string;
  cookie: string;
  icon: ReactNode;
  badge?: ReactNode;
  children: ReactNode;
}

const aYearSeconds = 365 * 24 * 60 * 60;

/** To the news of the workspace that this browser showed last, which is kept in a cookie, so that the link is right from the first byte. */
export function NewsLink({ organization, slugs, last, cookie, icon, badge, children }: Props) {
  const path = usePathname();
  const [, shown] = /^\/[^/]+\/w\/([^/]+)/.exec(path) ?? [];
  const here = shown !== undefined && slugs.includes(shown) ? shown : null;
  useEffect(() => {
    if (here) document.cookie = `${cookie}=${here}; Path=/${organization}; Max-Age=${aYearSeconds}; SameSite=Lax`;
  }, [cookie, here, organization]);
  return (
    <NavLink look="bar" href={`/${organization}/w/${here ?? last}`} within={[`/${organization}/w`, `/${organization}/articles`]} icon={icon} badge={badge}>
      {children}
    </NavLink>
  );
}
