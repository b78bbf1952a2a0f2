"use client";

import { createContext, use } from "react";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";

export interface Times {
  viewer: Viewer;
  /** The words of the server, by instant: the browser's may differ, and then they would change under the reader's eyes. */
  said: Readonly<Record<string, { ago: string; exact: string }>>;
  /** Null until the page has been open for a while: then the server's words are old. */
  now: string | null;
}

export const TimesContext = createContext<Times>({ viewer: { locale: "en", timeZone: "UTC", hourCycle: "auto", weekStart: "auto" }, said: {}, now: null });

export function CommentTime({ at }: { at: string }) {
  const { viewer, said, now } = use(TimesContext);
  const server = said[at];
  const formats = formatsFor(viewer);
  const ago = server && now === null ? server.ago : formats.relative(at, now ?? at);
  return (
    <When at={at} exact={server?.exact ?? formats.exact(at)}>
      {ago}
    </When>
  );
}
