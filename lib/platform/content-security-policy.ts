import type { RealtimeSettings } from "./realtime";

export interface PolicyOptions {
  nonce: string;
  realtime: Pick<RealtimeSettings, "cluster" | "host" | "port" | "tls">;
  /** Where media are put and fetched by signed addresses; null without a storage. */
  storage: string | null;
  /** Where a sign-in button leads: browsers hold the redirect after a form to `form-action`, too. */
  signInOrigins: string[];
  /** Served over TLS: everything the page loads must be, too. */
  secure: boolean;
  /** React's development build needs `eval` to rebuild server stacks, Next's error overlay its styles, and hot reload a socket. */
  development: boolean;
}

/** The policy of every page (CSP level 3): scripts and styles by nonce, connections to ourselves, the realtime engine and the storage alone. */
export function pagePolicy({ nonce, realtime, storage, signInOrigins, secure, development }: PolicyOptions): string {
  const stored = storage ? [storage] : [];
  const directives: Record<string, string[]> = {
    "default-src": ["'self'"],
    "script-src": ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", development ? "'unsafe-inline'" : `'nonce-${nonce}'`],
    "img-src": ["'self'", "data:", "blob:", ...stored],
    "media-src": ["'self'", "blob:", ...stored],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...realtimeOrigins(realtime), ...stored, ...(development ? ["ws:"] : [])],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'", ...signInOrigins],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    ...(secure ? { "upgrade-insecure-requests": [] } : {}),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}

/** Answers of the API are data: nothing in them may run, load or be framed, should a browser ever open one. */
export const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The service worker of push: it asks our own API, and its notifications carry our own icons. */
export const workerPolicy = "default-src 'none'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Where pusher-js connects: the socket, and the HTTP host it falls back to. */
function realtimeOrigins({ cluster, host, port, tls }: PolicyOptions["realtime"]): string[] {
  if (!host) return [`wss://ws-${cluster}.pusher.com`, `https://sockjs-${cluster}.pusher.com`];
  const authority = port ? `${host}:${port}` : host;
  return tls ? [`wss://${authority}`, `https://${authority}`] : [`ws://${authority}`, `http://${authority}`];
}
