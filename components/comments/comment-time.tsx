"use client";

import { createContext, use } from "react";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { Now } from "./use-now";

export interface Times {
  viewer: Viewer;
  /** The words of the server, by instant: the browser's may differ, and then they would change under the reader's eyes. */
  said: Readonly<Record<string, { ago: string; exact: string }>>;
  now: Now;
}

export const TimesContext = createContext<Times>({ viewer: { locale: "en", timeZone: "UTC", hourCycle: "auto", weekStart: "auto" }, said: {}, now: { at: null, isFirst: true } });

export function CommentTime({ at }: { at: string }) {
  const { viewer, said, now } = use(TimesContext);
  const server = said[at];
  const formats = formatsFor(viewer);
  const ago = server && now.isFirst ? server.ago : formats.relative(at, now.at ?? at);
  return (
    <When at={at} exact={server?.exact ?? formats.exact(at)}>
      {ago}
    </When>
  );
}
