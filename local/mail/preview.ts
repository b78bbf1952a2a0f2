import type { Content } from "./message";
import { plainTextOf } from "./mime";

/**
 * The HTML of a mail is a stranger's: no scripts, forms, frames or plugins, an origin of its own, links that open
 * outside. Pictures may come from anywhere, as in most mail programs.
 */
export const previewPolicy = [
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
  "default-src 'none'",
  "img-src data: http: https:",
  "style-src 'unsafe-inline' http: https:",
  "font-src data: http: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

export function previewDocument(content: Content): string {
  if (!content.html) return withBase(`<pre style="white-space:pre-wrap;font:14px/1.5 system-ui">${escapeHtml(plainTextOf(content))}</pre>`);
  return withBase(inlinePictures(content.html, content));
}

/** `cid:` pictures become data: the sandboxed document has no origin that could fetch them from here. */
function inlinePictures(html: string, content: Content): string {
  return html.replace(/cid:([^"'\s)>]+)/g, (whole, contentId: string) => {
    const picture = content.attachments.find((attachment) => attachment.contentId === decodeCid(contentId));
    return picture === undefined ? whole : `data:${picture.contentType.split(";")[0] ?? ""};base64,${picture.content}`;
  });
}

const decodeCid = (contentId: string): string => {
  try {
    return decodeURIComponent(contentId);
  } catch {
    return contentId;
  }
};

/** Links open in a new tab. Without a head the base stands after the doctype, so that the page keeps its mode. */
function withBase(html: string): string {
  const base = '<meta charset="utf-8"><base target="_blank">';
  const head = /<head(?:\s[^>]*)?>/i.exec(html) ?? /<html(?:\s[^>]*)?>/i.exec(html) ?? /^\s*<!doctype[^>]*>/i.exec(html);
  if (head === null) return `<!doctype html>${base}${html}`;
  const at = head.index + head[0].length;
  return html.slice(0, at) + base + html.slice(at);
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
