/** What nobody sees in an address, and browsers partly skip: controls, blanks without width, marks that turn the direction. */
const unseen = /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;

const addressMax = 2048;

/**
 * Where a link in a document may lead: http, https, mailto and tel, in the spelling that every browser reads the same way; null for
 * anything else. The scheme is looked at after what a browser would skip is gone, so that `java\nscript:` is seen for what it is.
 * A user name before the host is refused: it poses as the host. Usable in the browser: the editor asks the same before it links.
 */
export function readAddress(text: string): string | null {
  if (text.length > 2 * addressMax) return null;
  const address = text.replace(unseen, "").trim();
  if (address.length > addressMax || !/^(?:https?|mailto|tel):/i.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  return isTaken(url) && url.href.length <= addressMax ? url.href : null;
}

function isTaken({ protocol, hostname, username, password, pathname }: URL): boolean {
  switch (protocol) {
    case "http:":
    case "https:":
      return hostname !== "" && username === "" && password === "";
    case "mailto:":
      return /^[^\s@]+@[^\s@]+$/.test(pathname);
    case "tel:":
      return /^[+\d][\w().;=-]*$/.test(pathname);
    default:
      return false;
  }
}
