import type { WaysOut } from "../leaving/queries";
import type { FooterLine } from "./body";
import type { Reader } from "./reader";

/** The last lines of a mail, from the mildest to the last: less of it, nothing of this meeting, or none of these at all. */
export const waysOutOf =
  ({ preferencesUrl, muteUrl, unsubscribe }: WaysOut) =>
  ({ t }: Reader): FooterLine[] => [
    ...(preferencesUrl ? [{ text: t("waysOut.preferences"), href: preferencesUrl }] : []),
    ...(muteUrl ? [{ text: t("waysOut.mute"), href: muteUrl }] : []),
    ...(unsubscribe ? [{ text: t(`waysOut.${"digest" in unsubscribe.scope ? unsubscribe.scope.digest : "unsubscribe"}`), href: unsubscribe.pageUrl }] : []),
  ];
