import { beforeEach, describe, expect, test } from "vitest";
import type { Content, Stored } from "./autosave";
import { copiesOf, dropCopies, dropCopy, keepCopy, resume, type LocalCopy } from "./local-copy";

const written = (title: string): Content => ({ title, document: { type: "doc", content: [{ type: "paragraph" }] }, coverId: null });
const stored = (revision: number, tab: string | null, title = "Stored"): Stored => ({ ...written(title), revision, tab, updatedAt: "2026-11-21T10:00:00Z" });
const copy = (tab: string, revision: number, title: string, keptAt = "2026-11-21T10:05:00Z"): LocalCopy => ({ tab, revision, keptAt, content: written(title) });

/** As a browser's: its keys are its own properties. */
function memory(full = false): Storage {
  const methods = {
    getItem: (key: string) => (Object.hasOwn(kept, key) ? String(Reflect.get(kept, key)) : null),
    setItem: (key: string, value: string) => {
      if (full) throw new DOMException("full", "QuotaExceededError");
      Reflect.set(kept, key, value);
    },
    removeItem: (key: string) => void Reflect.deleteProperty(kept, key),
  };
  const kept = Object.create(methods) as Storage;
  return kept;
}

describe("copies in the browser", () => {
  let storage = memory();
  beforeEach(() => (storage = memory()));

  test("two tabs keep theirs apart, and so do two people and two articles", () => {
    keepCopy(storage, "mbr_1", "art_1", copy("a", 1, "From a", "2026-11-21T10:01:00Z"));
    keepCopy(storage, "mbr_1", "art_1", copy("b", 1, "From b", "2026-11-21T10:02:00Z"));
    keepCopy(storage, "mbr_2", "art_1", copy("c", 1, "Somebody else's"));
    keepCopy(storage, "mbr_1", "art_2", copy("d", 1, "Another article"));
    expect(copiesOf(storage, "mbr_1", "art_1").map(({ content }) => content.title)).toEqual(["From b", "From a"]);
    dropCopy(storage, "mbr_1", "art_1", "b");
    expect(copiesOf(storage, "mbr_1", "art_1").map(({ tab }) => tab)).toEqual(["a"]);
    dropCopies(storage, "mbr_1", "art_1");
    expect([copiesOf(storage, "mbr_1", "art_1").length, copiesOf(storage, "mbr_1", "art_2").length]).toEqual([0, 1]);
  });

  test("what cannot be read is passed over, and a full storage is said", () => {
    storage.setItem("moim-draft:mbr_1:art_1:x", "{half");
    storage.setItem("moim-draft:mbr_1:art_1:y", '{"tab":"y"}');
    expect(copiesOf(storage, "mbr_1", "art_1")).toEqual([]);
    expect(keepCopy(memory(true), "mbr_1", "art_1", copy("a", 1, "x"))).toBe(false);
  });
});

describe("opening a draft", () => {
  const nobody = new Set<string>();

  test("the server's, when nothing else was kept", () => {
    expect(resume("me", stored(3, null), [], nobody)).toMatchObject({ content: { title: "Stored" }, found: false, state: { revision: 3, edits: 0 } });
  });

  test("what a crashed tab kept goes on and is saved", () => {
    const { content, state, found } = resume("me", stored(3, "crashed"), [copy("crashed", 3, "Typed on")], nobody);
    expect([content.title, state.edits, state.conflict, found]).toEqual(["Typed on", 1, null, true]);
  });

  test("also when its last save arrived and the answer did not", () => {
    const { content, state } = resume("me", stored(4, "crashed"), [copy("crashed", 3, "Typed on")], nobody);
    expect([content.title, state.revision, state.conflict]).toEqual(["Typed on", 4, null]);
  });

  test("a copy that another tab overtook is shown, and the person is asked", () => {
    const { content, state } = resume("me", stored(5, "phone"), [copy("crashed", 3, "Typed on")], nobody);
    expect([content.title, state.conflict?.title]).toEqual(["Typed on", "Stored"]);
  });

  test("a copy of what the server has is not needed", () => {
    expect(resume("me", stored(4, "gone", "Same"), [copy("gone", 3, "Same")], nobody)).toMatchObject({ found: false, needless: ["gone"] });
  });

  test("also when the database has put its parts in another order", () => {
    const kept: LocalCopy = { ...copy("gone", 3, "Same"), content: { ...written("Same"), document: { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "A" }] }] } } };
    const same = { ...stored(4, "gone", "Same"), document: { content: [{ content: [{ text: "A", type: "text" }], type: "paragraph" }], type: "doc" } as Stored["document"] };
    expect(resume("me", same, [kept], nobody)).toMatchObject({ found: false, needless: ["gone"] });
  });

  test("what an open tab keeps is its own", () => {
    expect(resume("me", stored(3, null), [copy("open", 3, "Over there")], new Set(["open"]))).toMatchObject({ content: { title: "Stored" }, found: false });
  });
});
