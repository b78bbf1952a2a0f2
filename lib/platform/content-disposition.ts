/** Documents of these types run what is in them when a browser shows them. */
const runs = /^(text\/html|application\/xhtml\+xml|image\/svg\+xml|[\w.+-]+\/xml|[\w.-]+\/[\w.-]+\+xml|text\/xsl|application\/javascript|text\/javascript)\b/i;
const longestName = 180;

/**
 * The Content-Disposition of a file that somebody else named (RFC 6266, names by RFC 8187). What could run as a document is handed over
 * as an attachment whatever was asked for.
 */
export function contentDisposition(disposition: "inline" | "attachment", fileName: string, type: string): string {
  const shown = disposition === "inline" && !runs.test(type.trim()) ? "inline" : "attachment";
  const name = plainName(fileName);
  const ascii = name.replace(/[^\x20-\x7e]+/g, "_").replace(/["\\%]/g, "_");
  // A browser that knows filename* takes it; the other form is for those that do not, and enough where both would say the same.
  return ascii === name ? `${shown}; filename="${name}"` : `${shown}; filename="${ascii}"; filename*=UTF-8''${encoded(name)}`;
}

/** A name and nothing else: no folder, no control or direction character that makes it look like another, and not endless. */
function plainName(fileName: string): string {
  const last = fileName.replace(/\p{Cs}/gu, "_").split(/[/\\]/).at(-1) ?? "";
  const clean = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim().replace(/^\.+/, "");
  if (clean === "") return "file";
  const letters = [...clean];
  if (letters.length <= longestName) return clean;
  const ending = /\.[^.]{1,16}$/u.exec(clean)?.[0] ?? "";
  return letters.slice(0, longestName - [...ending].length).join("") + ending;
}

/** RFC 8187, 3.2.1: attr-char is narrower than what encodeURIComponent leaves alone. */
const encoded = (name: string) => encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
