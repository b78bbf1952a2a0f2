import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Hub } from "./hub";

const rowsShown = 200;

const style = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:48rem;margin:2rem auto;padding:0 1rem}
dl{display:flex;flex-wrap:wrap;gap:1rem 2rem}dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #8884;overflow-wrap:anywhere}
`;
const styleHash = createHash("sha256").update(style).digest("base64");

interface Status {
  connections: number;
  signedInUsers: number;
  channels: number;
  published: number;
  upSeconds: number;
  shown: { name: string; subscribers: number; members: number | null }[];
}

function statusOf(hub: Hub): Status {
  const channels = [...hub.channels.listed()];
  const shown = channels
    .map((channel) => ({
      name: channel.name,
      subscribers: channel.subscribers.size,
      members: channel.kind.access === "presence" ? channel.members.count : null,
    }))
    .sort((a, b) => b.subscribers - a.subscribers || (a.name < b.name ? -1 : 1))
    .slice(0, rowsShown);
  return {
    connections: hub.connections.size,
    signedInUsers: hub.users.count,
    channels: channels.length,
    published: hub.published,
    upSeconds: Math.floor((Date.now() - hub.startedAt) / 1000),
    shown,
  };
}

export function statusJson(hub: Hub, response: ServerResponse): void {
  response
    .writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" })
    .end(JSON.stringify(statusOf(hub)));
}

/** For whoever looks whether it runs and who listens. Channel names cannot hold markup, so they stand as they are. */
export function statusPage(hub: Hub, response: ServerResponse): void {
  const { shown, ...status } = statusOf(hub);
  const figures = [
    ["Connections", status.connections],
    ["Signed-in users", status.signedInUsers],
    ["Channels", status.channels],
    ["Events published", status.published],
    ["Seconds up", status.upSeconds],
  ] as const;
  const rows = shown.map(
    ({ name, subscribers, members }) => `<tr><td>${name}<td>${subscribers}<td>${members ?? ""}`,
  );
  const hidden = status.channels - shown.length;
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>Channels</title>
<style>${style}</style>
<h1>Channels</h1>
<dl>${figures.map(([label, figure]) => `<div><dt>${label}<dd>${figure}</div>`).join("")}</dl>
${
  rows.length === 0
    ? "<p>Nobody has subscribed to a channel yet."
    : `<table><thead><tr><th scope="col">Channel<th scope="col">Subscribers<th scope="col">Members<tbody>${rows.join("")}</table>`
}
${hidden > 0 ? `<p>and ${hidden} more.` : ""}
</html>`;
  response
    .writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
      "X-Content-Type-Options": "nosniff",
    })
    .end(html);
}
