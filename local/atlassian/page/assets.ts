import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Answer } from "../http";

const types: Record<string, string> = { "style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml" };

export async function asset(name: string): Promise<Answer> {
  const type = types[name];
  if (type === undefined) return new Answer(404, { message: "Not found" });
  // Pictures of people and projects are shown by the application's own pages.
  const shared: Record<string, string> = name === "icon.svg" ? { "cross-origin-resource-policy": "cross-origin" } : {};
  return new Answer(200, await readFile(fileURLToPath(new URL(`./${name}`, import.meta.url))), { "content-type": type, ...shared });
}
