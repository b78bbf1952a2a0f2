import { expect, test, vi } from "vitest";
import { documentLimits, readDocument } from "@/lib/feed/document/rules";
import { anchorsOf } from "./anchors";

test("an article of nothing but headings of one name is not counted through again for each", () => {
  const headings = Array.from({ length: documentLimits.nodes - 100 }, () => ({ type: "heading", attrs: { level: 2 } }));
  const document = readDocument({ type: "doc", content: headings });
  const looks = vi.spyOn(Set.prototype, "has");
  const anchors = [...anchorsOf(document).values()];
  const count = looks.mock.calls.length;
  looks.mockRestore();
  expect(new Set(anchors).size).toBe(headings.length);
  expect(count).toBeLessThan(3 * headings.length);
}, 60_000);
