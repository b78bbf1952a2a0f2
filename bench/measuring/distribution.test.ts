import { expect, test } from "vitest";
import { distribution } from "./distribution";

test("percentiles are the nearest rank, whatever the order of arrival", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(distribution(values)).toEqual({ count: 100, min: 1, p50: 50, p90: 90, p99: 99, max: 100 });
  expect(distribution([7])).toMatchObject({ min: 7, p50: 7, p99: 7, max: 7 });
});
