import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { locales } from "./locales";
import { namespaces } from "./messages";

type Tree = { [key: string]: string | Tree };

const folder = (locale: string) => join(import.meta.dirname, "messages", locale);
const read = (locale: string, namespace: string): Tree =>
  JSON.parse(readFileSync(join(folder(locale), `${namespace}.json`), "utf8")) as Tree;

function flatten(tree: Tree, path = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") flat.set(path + key, value);
    else for (const [inner, text] of flatten(value, `${path}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

/** The arguments and tags of a message, sorted; plural and select branches included. */
function argumentsOf(elements: MessageFormatElement[], found = new Set<string>()): string[] {
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
    found.add(element.type === TYPE.tag ? `<${element.value}>` : element.value);
    if (element.type === TYPE.tag) argumentsOf(element.children, found);
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options)) argumentsOf(option.value, found);
    }
  }
  return [...found].sort();
}

describe.each(locales)("messages in %s", (locale) => {
  it("has exactly the namespaces that are loaded", () => {
    const files = readdirSync(folder(locale)).map((file) => file.replace(/\.json$/, ""));
    expect(files.sort()).toEqual([...namespaces].sort());
  });

  it.each(namespaces)("says everything English says in %s, with the same arguments", (namespace) => {
    const english = flatten(read("en", namespace));
    const translated = flatten(read(locale, namespace));
    expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of translated) {
      expect(text.trim(), key).not.toBe("");
      expect({ key, arguments: argumentsOf(parse(text)) }).toEqual({ key, arguments: argumentsOf(parse(english.get(key) ?? "")) });
    }
  });
});
