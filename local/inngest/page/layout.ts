import type { Context, Reply } from "../context";
import { html, type Html, type Part } from "./html";

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const SECTIONS = [
  ["/", "Runs"],
  ["/functions", "Functions"],
  ["/events", "Events"],
] as const;

export function page(context: Context, title: string, section: string, content: Html, status = 200): Reply {
  const { sync } = context;
  const notice = sync?.problem ? `The application at ${sync.url} is not in sync:\n${sync.problem}` : null;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Inngest engine</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<header><div><strong>Inngest engine</strong><nav aria-label="Sections">
${SECTIONS.map(([href, label]) => html`<a href="${href}"${href === section ? html` aria-current="page"` : ""}>${label}</a> `)}
</nav></div></header>
${notice && html`<p class="notice" role="status">${notice}</p>`}
<main><h1>${title}</h1>${content}</main>
</body>
</html>`;
  return {
    status,
    type: "text/html; charset=utf-8",
    body: document.text,
    headers: { "content-security-policy": POLICY, "referrer-policy": "same-origin" },
  };
}

export function redirect(to: string): Reply {
  return { status: 303, headers: { location: to } };
}

export function time(at: Date | null): Part {
  if (!at) return "–";
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
}

export function status(value: string): Html {
  return html`<span class="status ${value}">${value}</span>`;
}

/** A value that may be long, folded. */
export function folded(id: string, label: string, value: unknown): Html {
  return html`<details id="${id}"><summary>${label}</summary><pre>${pretty(value)}</pre></details>`;
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** What an error says, and its stack where it has one. */
export function errorBlock(error: unknown): Part {
  if (typeof error !== "object" || error === null) return error === null || error === undefined ? null : html`<pre>${pretty(error)}</pre>`;
  const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown };
  return html`<pre class="failed">${typeof stack === "string" ? stack : `${String(name)}: ${String(message)}`}</pre>`;
}
