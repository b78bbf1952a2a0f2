import { describe, expect, test } from "vitest";
import { coolDownMs, isDue, isExpired, mayBeExpiry } from "./rules";

const minute = 60_000;
const start = Date.parse("2026-11-21T09:00:00Z");
const token = (lifeMinutes = 60) => ({ refreshedAt: new Date(start), expiresAt: new Date(start + lifeMinutes * minute) });

describe("a token is renewed", () => {
  test("five minutes before its end and not before", () => {
    expect(isDue(token(), start + 54.9 * minute)).toBe(false);
    expect(isDue(token(), start + 55 * minute)).toBe(true);
  });

  test("however short its life, after it was used for most of it", () => {
    expect(isDue(token(1), start + 0.7 * minute)).toBe(false);
    expect(isDue(token(1), start + 0.75 * minute)).toBe(true);
  });

  test("and over at its end", () => {
    expect(isExpired(token(), start + 60 * minute - 1)).toBe(false);
    expect(isExpired(token(), start + 60 * minute)).toBe(true);
  });
});

describe("a refusal may mean that the token is over", () => {
  test.each([401, 403, 404])("%i near its end, because the gateway says any of them", (status) => {
    expect(mayBeExpiry(status, token(), start + 51 * minute)).toBe(true);
  });

  test.each([403, 404])("%i far from its end is meant as it is said", (status) => {
    expect(mayBeExpiry(status, token(), start + 30 * minute)).toBe(false);
  });

  test("401 at any time, but not of a token that has just been issued", () => {
    expect(mayBeExpiry(401, token(), start + 30 * minute)).toBe(true);
    expect(mayBeExpiry(401, token(), start + 0.1 * minute)).toBe(false);
  });

  test.each([400, 409, 429, 500])("%i never does", (status) => {
    expect(mayBeExpiry(status, token(), start + 59 * minute)).toBe(false);
  });
});

test("after a failure nobody asks for as long as the server wished, within reason", () => {
  expect(coolDownMs(null)).toBe(30_000);
  expect(coolDownMs(0)).toBe(5_000);
  expect(coolDownMs(90)).toBe(90_000);
  expect(coolDownMs(1_000_000)).toBe(3_600_000);
});
