import type { WaysOut } from "../leaving/queries";
import type { WayOut } from "./body";
import type { Reader } from "./reader";

/** The links under a mail's footer, from the mildest to the last: less of it, of this meeting, or none at all. */
export function waysOutOf({ preferencesUrl, muteUrl, unsubscribe }: WaysOut, { t }: Reader): WayOut[] {
  return [
    ...(preferencesUrl ? [{ label: t("waysOut.preferences"), href: preferencesUrl }] : []),
    ...(muteUrl ? [{ label: t("waysOut.mute"), href: muteUrl }] : []),
    ...(unsubscribe ? [{ label: t(`waysOut.${"digest" in unsubscribe.scope ? unsubscribe.scope.digest : "unsubscribe"}`), href: unsubscribe.pageUrl }] : []),
  ];
}
