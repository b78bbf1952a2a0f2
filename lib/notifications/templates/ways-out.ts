import type { WaysOut } from "../leaving/queries";
import type { FooterLine } from "./body";
import type { Reader } from "./reader";

/** The last lines of a mail, from the mildest to the last: less of it, nothing of this meeting or article, or none of these at all. */
export const waysOutOf =
  ({ preferencesUrl, mute, unsubscribe }: WaysOut) =>
  ({ t }: Reader): FooterLine[] => [
    ...(preferencesUrl ? [{ text: t("waysOut.preferences"), href: preferencesUrl }] : []),
    ...(mute ? [{ text: t(mute.what === "article" ? "waysOut.muteArticle" : "waysOut.mute"), href: mute.url }] : []),
    ...(unsubscribe ? [{ text: t(`waysOut.${"digest" in unsubscribe.scope ? unsubscribe.scope.digest : "unsubscribe"}`), href: unsubscribe.pageUrl }] : []),
  ];
