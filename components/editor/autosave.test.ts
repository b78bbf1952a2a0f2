import { describe, expect, test } from "vitest";
import { afterSave, follows, isDirty, isSafe, opened, saveIn, statusOf, type SaveEvent, type SaveState, type Stored } from "./autosave";

const document = { type: "doc" as const, content: [{ type: "paragraph" as const }] };
const stored = (revision: number, tab: string): Stored => ({ title: "Theirs", document, coverId: null, revision, tab, updatedAt: "2026-11-21T10:00:00Z" });
const at = "2026-11-21T10:42:00Z";
const run = (events: SaveEvent[], from: SaveState = opened("mine", 3, at)) => events.reduce(afterSave, from);

describe("saving", () => {
  test("what is typed while a save is under way is not taken for saved", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "edited" }, { type: "saved", revision: 4, savedAt: at }]);
    expect(isDirty(state)).toBe(true);
    expect(state.revision).toBe(4);
    expect(saveIn(state, 0)).not.toBeNull();
  });

  test("one save at a time: the next waits for the answer, which it stands on", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "edited" }]);
    expect(saveIn(state, 10_000)).toBeNull();
  });

  test("a pause saves after 800 ms; who never pauses is saved every five seconds", () => {
    const state = run([{ type: "edited" }]);
    expect(saveIn(state, 0)).toBe(800);
    expect(saveIn(state, 4_500)).toBe(500);
    expect(saveIn(state, 60_000)).toBe(0);
  });

  test("a lost connection is tried again, ever more slowly, and at once when it is back", () => {
    let state = run([{ type: "edited" }]);
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
      state = run([{ type: "sent" }, { type: "unreachable" }], state);
      return saveIn(state, 60_000);
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(statusOf(state)).toBe("offline");
    expect(saveIn(run([{ type: "online" }], state), 60_000)).toBe(1_000);
    const back = run([{ type: "sent" }, { type: "saved", revision: 4, savedAt: at }], state);
    expect([statusOf(back), isSafe(back)]).toEqual(["saved", true]);
  });

  test("what the server refuses is not sent again until it is changed", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "refused", code: "INVALID", detail: "too large" }]);
    expect([saveIn(state, 60_000), statusOf(state), isSafe(state)]).toEqual([null, "refused", false]);
    expect(saveIn(run([{ type: "edited" }], state), 0)).toBe(800);
  });
});

describe("two tabs", () => {
  test("a save overtaken by another tab waits for a person, and nothing is saved over either", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "overtaken", stored: stored(7, "theirs") }, { type: "edited" }]);
    expect([statusOf(state), saveIn(state, 60_000), isSafe(state)]).toEqual(["conflict", null, false]);
  });

  test("an own save whose answer was lost is no conflict", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "unreachable" }, { type: "sent" }, { type: "overtaken", stored: stored(4, "mine") }]);
    expect([state.conflict, state.revision, saveIn(state, 0)]).toEqual([null, 4, 800]);
  });

  test("nor is the last save of the tab that this one goes on with", () => {
    const state = run([{ type: "sent" }, { type: "overtaken", stored: stored(4, "before") }], { ...opened("mine", 3, at), inherited: ["before"], edits: 1 });
    expect([state.conflict, state.revision]).toEqual([null, 4]);
  });

  test("mine stands on theirs and is sent again", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "overtaken", stored: stored(7, "theirs") }, { type: "kept-mine" }]);
    expect([state.revision, state.conflict, isDirty(state), saveIn(state, 0)]).toEqual([7, null, true, 800]);
  });

  test("theirs taken leaves nothing to save", () => {
    const state = run([{ type: "edited" }, { type: "sent" }, { type: "overtaken", stored: stored(7, "theirs") }, { type: "took-other" }]);
    expect([state.revision, isSafe(state), statusOf(state)]).toEqual([7, true, "saved"]);
  });

  test("a tab with nothing unsaved follows; one with something asks", () => {
    const idle = opened("mine", 3, at);
    expect(follows(idle, stored(4, "theirs"))).toBe(true);
    expect(run([{ type: "heard", stored: stored(4, "theirs") }], idle)).toMatchObject({ revision: 4, conflict: null });
    const busy = run([{ type: "edited" }], idle);
    expect(follows(busy, stored(4, "theirs"))).toBe(false);
    expect(run([{ type: "heard", stored: stored(4, "theirs") }], busy).conflict?.revision).toBe(4);
  });

  test("what another tab says late changes nothing", () => {
    const state = opened("mine", 9, at);
    expect(run([{ type: "heard", stored: stored(8, "theirs") }], state)).toBe(state);
  });

  test("a further save of the other is what the choice is about", () => {
    const state = run([{ type: "edited" }, { type: "heard", stored: stored(4, "theirs") }, { type: "heard", stored: stored(5, "theirs") }]);
    expect(state.conflict?.revision).toBe(5);
  });
});
