import { html, type Answer } from "../http";
import { markup, type Markup } from "./markup";

const policy = (formTargets: string): string =>
  ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "base-uri 'none'", `form-action 'self'${formTargets}`, "frame-ancestors 'none'"].join("; ");

interface PageOptions {
  /** Navigation and the chosen account; the pages of OAuth have neither. */
  header?: Markup;
  /** Where a form may lead besides this engine: a consent ends at the application. */
  formTarget?: string;
  status?: number;
}

export function page(title: string, main: Markup, { header, formTarget, status = 200 }: PageOptions = {}): Answer {
  const text = markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · Atlassian on this machine</title>
    <link rel="icon" href="/_page/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/_page/style.css" />
    <script type="module" src="/_page/page.js"></script>
  </head>
  <body${header ? markup` data-live` : ""}>
    ${header}
    <main>${main}</main>
  </body>
</html>
`.text;
  return html(text, { "content-security-policy": policy(formTarget ? ` ${formTarget}` : "") }, status);
}
