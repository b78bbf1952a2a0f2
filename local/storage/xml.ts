import { Refusal } from "./refusal";

/** A tree to write: an element's name with its text, its elements, or several of it. */
export interface XmlTree {
  [name: string]: string | number | boolean | XmlTree | (XmlTree | string)[] | undefined;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Control characters have no place in XML 1.0, but keys may hold them; S3 writes them as references, too. */
const escaped = (text: string) => text.replace(/[&<>"\x00-\x1f\x7f]/g, (letter) => escapes[letter] ?? `&#x${letter.charCodeAt(0).toString(16)};`);

export const xmlDocument = (root: string, tree: XmlTree) => `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content(tree)}</${root}>`;

export const xmlError = (tree: XmlTree) => `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content(tree)}</Error>`;

function content(tree: XmlTree): string {
  return Object.entries(tree)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) => `<${name}>${typeof one === "object" ? content(one) : escaped(String(one))}</${name}>`))
    .join("");
}

export interface Deletion {
  keys: string[];
  quiet: boolean;
}

const token = /<(\/?)([A-Za-z][\w.:-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;
const mostKeys = 1_000;

/** Reads the one document that is sent here (DeleteObjects). Nothing but elements and text is known: no document types, no entities of one's own. */
export function readDeletion(text: string): Deletion {
  const body = text.replace(/^\uFEFF?\s*<\?xml[^<>]*\?>/, "").trim();
  const path: string[] = [];
  const keys: string[] = [];
  let quiet = false;
  let words = "";
  token.lastIndex = 0;
  while (token.lastIndex < body.length) {
    const found = token.exec(body);
    if (!found) throw malformed();
    const [, closing, name = "", empty, characters] = found;
    if (characters !== undefined) words += characters;
    else if (closing) {
      const at = path.join("/");
      if (path.pop() !== name) throw malformed();
      if (at === "Delete/Object/Key") keys.push(unescaped(words));
      else if (at === "Delete/Quiet") quiet = words.trim() === "true";
      else if (at === "Delete/Object/VersionId") throw new Refusal("NotImplemented", "This storage keeps no versions.");
      words = "";
    } else {
      words = "";
      if (path.length > 8 || (path.length === 0 && name !== "Delete")) throw malformed();
      if (!empty) path.push(name);
    }
  }
  if (path.length > 0 || keys.length === 0 || keys.length > mostKeys) throw malformed();
  return { keys, quiet };
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,8}));|&/gi, (_, hex?: string, decimal?: string, name?: string) => {
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : null;
    if (code !== null) {
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw malformed();
      return String.fromCodePoint(code);
    }
    const letter = name === undefined ? undefined : named[name];
    if (letter === undefined) throw malformed();
    return letter;
  });
}

const malformed = () => new Refusal("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema.");
