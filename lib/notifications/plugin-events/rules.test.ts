import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { foldedOf, pluginFactsOf, together, type Change, type Happening } from "./rules";

const minute = 60_000;
const at = (minutes: number) => new Date(Date.UTC(2031, 2, 3) + minutes * minute);
const change = (field: string, from: string | null, to: string | null): Change => ({ field, from, to });

function happening(minutes: number, kept: Record<string, unknown> = {}, type: Happening["type"] = "jira.issue.updated"): Happening {
  const actor = { memberId: "mbr_ada", name: "Ada" };
  return { type, facts: pluginFactsOf({ actor, title: "MOIM-12 Fix the door", ...kept }), occurredAt: at(minutes) };
}
/** In the order in which they happened; folding wants the newest first. */
const folded = (...oldestFirst: Happening[]) => foldedOf(oldestFirst.toReversed());

describe("what is one story", () => {
  const minutes = (rows: { occurredAt: Date }[]) => rows.map(({ occurredAt }) => (occurredAt.getTime() - at(0).getTime()) / minute);

  test("ends where two neighbours lie more than an hour apart, however long it is in all", () => {
    const rows = [300, 250, 190, 130, 69, 60].map((when) => ({ occurredAt: at(when) }));
    expect(minutes(together(rows))).toEqual([300, 250, 190, 130]);
    expect(together([])).toEqual([]);
  });

  test("is always a beginning of the list, with the head in it, and grows with what is near its end", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(gaps, (steps) => {
        let now = 10_000;
        const rows = steps.map((step) => ({ occurredAt: at((now -= step)) }));
        const story = together(rows);
        expect(story).toEqual(rows.slice(0, story.length));
        expect(story.length).toBeGreaterThan(0);
        expect(steps.slice(1, story.length).every((step) => step <= 60)).toBe(true);
        if (story.length < rows.length) expect(steps[story.length]).toBeGreaterThan(60);
      }),
    );
  });
});

describe("several changes of one issue", () => {
  test("come to what is different in the end, the status first, then who has it", () => {
    const { changes, count } = folded(
      happening(0, { changes: [change("labels", null, "door")] }),
      happening(1, { changes: [change("assignee", null, "Ada")] }),
      happening(2, { changes: [change("status", "To Do", "In Progress")] }),
      happening(3, { changes: [change("priority", "Low", "High"), change("assignee", "Ada", "Bora")] }),
      happening(4, { changes: [change("status", "In Progress", "Done")] }),
    );
    expect(count).toBe(5);
    expect(changes).toEqual([change("status", "To Do", "Done"), change("assignee", null, "Bora"), change("priority", "Low", "High"), change("labels", null, "door")]);
  });

  test("do not tell what came back to where it was; a long text that changed is told, because nothing shows that", () => {
    const { changes } = folded(
      happening(0, { changes: [change("status", "To Do", "Done"), change("assignee", null, "Ada"), change("description", null, null)] }),
      happening(1, { changes: [change("status", "Done", "To Do"), change("assignee", "Ada", null)] }),
    );
    expect(changes).toEqual([change("description", null, null)]);
  });

  test("know one field by its two spellings", () => {
    expect(folded(happening(0, { changes: [change("Fix Version", null, "1")] }), happening(1, { changes: [change("fixVersion", "1", "2")] })).changes).toEqual([
      change("fixVersion", null, "2"),
    ]);
  });

  test("name each person once, the latest first, and whoever has no account here by their name", () => {
    const by = (memberId: string | null, name: string) => ({ actor: { memberId, name } });
    const { people } = folded(happening(0, by("mbr_1", "Ada")), happening(1, by(null, "Cyd")), happening(2, by("mbr_1", "Ada L.")), happening(3, by(null, "Cyd")), happening(4, by(null, "")));
    expect(people).toEqual(["Cyd", "Ada L."]);
  });

  test("say that the reader is meant, but not that they have it when it was handed on", () => {
    const mine = { personally: "assigned", changes: [change("assignee", null, "Me")] };
    expect(folded(happening(0, mine), happening(1, { personally: "mentioned" }))).toMatchObject({ assigned: true, mentioned: true });
    expect(folded(happening(0, mine), happening(1, { changes: [change("assignee", "Me", "Bora")] }))).toMatchObject({ assigned: false });
  });

  test("count comments, and know what was created and deleted", () => {
    expect(folded(happening(0, {}, "jira.issue.created"), happening(1, { comment: "Hm" }, "jira.comment.created"), happening(2))).toMatchObject({ created: true, deleted: false, comments: 1 });
    expect(folded(happening(0), happening(1, {}, "jira.issue.deleted"))).toMatchObject({ deleted: true });
  });

  test("end where they began, whatever is in between", () => {
    const field = fc.constantFrom("status", "assignee", "labels", "Sprint");
    const value = fc.constantFrom("a", "b", "c", null);
    fc.assert(
      fc.property(fc.array(fc.tuple(field, value), { maxLength: 20 }), (steps) => {
        const state = new Map<string, string | null>();
        const rows = steps.map(([name, to], index) => {
          const from = state.get(name) ?? null;
          state.set(name, to);
          return happening(index, { changes: from === to ? [] : [change(name, from, to)] });
        });
        const told = new Map(folded(...rows).changes.map(({ field: name, to }) => [name, to]));
        for (const [name, to] of state) expect(told.get(name) ?? null).toBe(to);
      }),
    );
  });
});

test("facts of another shape are absent and refuse nothing", () => {
  const odd = { actor: 1, title: null, changes: "x", comment: {}, personally: "so", subscriptions: [1], url: 3, connection: [] };
  expect(pluginFactsOf(odd)).toEqual({ actor: null, connection: null, title: "", url: null, changes: [], comment: null, personally: null, subscriptions: [] });
});
