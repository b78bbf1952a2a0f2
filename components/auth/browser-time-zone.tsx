"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;
const ofBrowser = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
const ofServer = () => "";

/** The browser's IANA zone; empty until scripts run, and on the server, which cannot know it. */
export const useBrowserTimeZone = () => useSyncExternalStore(never, ofBrowser, ofServer);

/** Sends the browser's zone along, so that a new person's times are right without asking. */
export function BrowserTimeZone() {
  return <input type="hidden" name="timeZone" value={useBrowserTimeZone()} />;
}
