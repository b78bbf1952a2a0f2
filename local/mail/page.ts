import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { answer, type Exchange } from "./http";
import type { Mailbox } from "./mailbox";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const files: Record<string, { file: string; contentType: string }> = {
  "/": { file: "index.html", contentType: "text/html; charset=utf-8" },
  "/page/style.css": { file: "style.css", contentType: "text/css; charset=utf-8" },
  "/page/mailbox.js": { file: "mailbox.js", contentType: "text/javascript; charset=utf-8" },
  "/page/message.js": { file: "message.js", contentType: "text/javascript; charset=utf-8" },
  "/page/control.js": { file: "control.js", contentType: "text/javascript; charset=utf-8" },
  "/page/dom.js": { file: "dom.js", contentType: "text/javascript; charset=utf-8" },
  "/page/icon.svg": { file: "icon.svg", contentType: "image/svg+xml" },
};

/** The mailbox in the browser: a few static files; false when the path is none of them. */
export async function answerPage({ response, url }: Exchange): Promise<boolean> {
  const found = files[url.pathname];
  if (found === undefined) return false;
  const body = await readFile(fileURLToPath(new URL(`./page/${found.file}`, import.meta.url)));
  answer(response, 200, found.contentType, body, { "content-security-policy": policy });
  return true;
}

const heartbeatMs = 25_000;

/** Tells open pages that something changed; what changed they ask for themselves. */
export class LiveUpdates {
  private readonly open = new Set<() => void>();

  constructor(mailbox: Mailbox) {
    mailbox.onChange(() => this.notify());
  }

  notify(): void {
    for (const push of this.open) push();
  }

  subscribe({ request, response }: Exchange): void {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    });
    response.write("retry: 1000\n\n");
    const push = (): void => void response.write("event: changed\ndata: {}\n\n");
    const heartbeat = setInterval(() => response.write(": still here\n\n"), heartbeatMs);
    this.open.add(push);
    request.socket.once("close", () => {
      clearInterval(heartbeat);
      this.open.delete(push);
    });
  }
}
