// What a first visit downloads before a page works, beside an empty page of the same Next.
import { gzipSync } from "node:zlib";
import { closeDatabase } from "@/lib/platform/db/client";
import { slug } from "@/e2e/world";
import { startFloor } from "./measuring/floor-next";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed, signedInCookie } from "./measuring/people";
import { kilobytes, printTable, times, type Cell } from "./measuring/table";

interface Weight {
  html: number;
  script: number;
  style: number;
  files: number;
}

const pages = { "sign-in": "/sign-in", calendar: `/${slug}/meetings`, "booking form": `/${slug}/meetings/new`, inbox: `/${slug}/inbox` };

const instance = readInstance();
actAsInstance(instance);
const cookie = await signedInCookie(await memberNamed("ada"));
const floor = await startFloor();
const empty = await weigh(`${floor.origin}/`, "");
const rows: Cell[][] = [];
for (const [name, path] of Object.entries(pages)) {
  const page = await weigh(`${instance.origin}${path}`, path === "/sign-in" ? "" : cookie);
  rows.push([name, kilobytes(page.script), times(page.script, empty.script), kilobytes(page.style), kilobytes(page.html), page.files]);
}
rows.push(["an empty page", kilobytes(empty.script), "", kilobytes(empty.style), kilobytes(empty.html), empty.files]);
printTable("Page weight, gzip", ["", "JavaScript", "ratio", "CSS", "HTML", "files"], rows, [
  "What the HTML names. Legacy browsers' polyfills, fonts, and chunks that are fetched only when used do not count.",
]);
await floor.stop();
await closeDatabase();

async function weigh(url: string, cookie: string): Promise<Weight> {
  const response = await fetch(url, { headers: { cookie }, redirect: "manual" });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status} ${response.headers.get("location") ?? ""}`);
  const html = await response.text();
  const scripts = filesIn(html, /<script\b(?![^>]*\bnomodule)[^>]*\bsrc="([^"]+)"/gi, url);
  const styles = filesIn(html, /<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]+)"/gi, url);
  return { html: gzipSync(html).length, script: await weightOf(scripts), style: await weightOf(styles), files: scripts.length + styles.length };
}

function filesIn(html: string, pattern: RegExp, base: string): string[] {
  return [...new Set([...html.matchAll(pattern)].map(([, path = ""]) => new URL(path.replaceAll("&amp;", "&"), base).href))];
}

async function weightOf(urls: string[]): Promise<number> {
  let bytes = 0;
  for (const url of urls) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    bytes += gzipSync(Buffer.from(await response.arrayBuffer())).length;
  }
  return bytes;
}
