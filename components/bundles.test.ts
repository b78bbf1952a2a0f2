import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = process.cwd();
const read = (file: string) => readFileSync(join(root, file), "utf8");
const isFile = (file: string) => existsSync(join(root, file)) && statSync(join(root, file)).isFile();

/** The file or package that an import leads to; null for what no script is (styles, messages). */
function targetOf(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".") && !specifier.startsWith("@/")) return specifier;
  const path = specifier.startsWith("@/") ? specifier.slice(2) : relative(root, resolve(root, dirname(from), specifier));
  return [`${path}.ts`, `${path}.tsx`, path].find(isFile) ?? null;
}

const isTypes = (clause: string) => /^type\s/.test(clause) || (/^\{[^}]*\}$/.test(clause) && clause.slice(1, -1).split(",").every((name) => /^(\s*|\s*type\s.*)$/s.test(name)));

/** What a file needs when it runs: types are gone by then, and a server action is only its name. */
function neededBy(file: string): string[] {
  const text = read(file);
  if (text.startsWith('"use server"')) return [];
  const imports = text.matchAll(/^\s*(?:import|export)\s+(?:([^;"]*?)\s+from\s+)?"([^"]+)";/gm);
  return [...imports].flatMap(([, clause = "", specifier = ""]) => (isTypes(clause.trim()) ? [] : (targetOf(file, specifier) ?? [])));
}

/** How a file comes to need one of these packages; null when it does not. */
function wayTo(packages: ReadonlySet<string>, start: string): string | null {
  const before = new Map<string, string | null>([[start, null]]);
  for (const file of before.keys()) {
    if (packages.has(file) || file.startsWith("node:")) {
      const way: string[] = [];
      for (let at: string | null = file; at !== null; at = before.get(at) ?? null) way.unshift(at);
      return way.join(" > ");
    }
    if (!/\.tsx?$/.test(file)) continue;
    for (const needed of neededBy(file)) if (!before.has(needed)) before.set(needed, file);
  }
  return null;
}

test("nothing that browsers run needs schemas, which compile with eval, nor the server", () => {
  const clients = ["app", "components"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)))
    .filter((file) => /\.tsx?$/.test(file) && read(file).startsWith('"use client"'));
  expect(clients.length).toBeGreaterThan(100);
  const banned = new Set(["zod", "drizzle-orm", "postgres", "sharp", "server-only"]);
  expect(clients.flatMap((file) => wayTo(banned, file) ?? [])).toEqual([]);
  // The way is seen where there is one.
  expect(wayTo(banned, "lib/feed/likes/inputs.ts")).toBe("lib/feed/likes/inputs.ts > zod");
});
