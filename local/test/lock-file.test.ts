import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

interface Package {
  optionalDependencies?: Record<string, string>;
}

/** `npm ci`, with which every fresh clone begins, refuses a lock file that leaves a platform's package out. */
test("the lock file names the optional packages of every platform", () => {
  const text = readFileSync(resolve(import.meta.dirname, "../../package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as { packages: Record<string, Package> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesToLook(path, name).some((place) => place in packages))
      .map((name) => `${name}, wanted by ${path || "package.json"}`),
  );
  expect(missing).toEqual([]);
});

/** Node's own search: the package's node_modules, then those above it. */
function placesToLook(path: string, name: string): string[] {
  const steps = path.split("/node_modules/");
  const folders = steps.map((_, index) => steps.slice(0, steps.length - index).join("/node_modules/")).filter(Boolean);
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`];
}
