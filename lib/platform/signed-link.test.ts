import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "./clock";
import { readLink, signLink } from "./signed-link";

beforeAll(() => {
  Object.assign(process.env, {
    DATABASE_URL: "postgres://nowhere/none",
    NEXTAUTH_SECRET: "a-session-secret-of-the-tests",
    LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    RESEND_API_KEY: "re_test",
    PUSHER_APP_ID: "1",
    PUSHER_KEY: "key",
    PUSHER_SECRET: "secret",
  });
});

const claims = { subject: "att_1", generation: 2, expiresAt: new Date("2031-01-01T00:00:00Z") };

describe("a signed link", () => {
  test("says what it was made to say", () => {
    expect(readLink("rsvp", signLink("rsvp", claims))).toEqual(claims);
  });

  test("is good for its own purpose only", () => {
    expect(() => readLink("join", signLink("rsvp", claims))).toThrow(expect.objectContaining({ code: "LINK_INVALID" }));
  });

  test("ends when its time is over", () => {
    const token = signLink("rsvp", claims);
    clock.at(claims.expiresAt, () => expect(() => readLink("rsvp", token)).toThrow(expect.objectContaining({ code: "LINK_EXPIRED" })));
  });

  test("is refused after any change of any character, and so is any other text", () => {
    const token = signLink("rsvp", claims);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(..."ABCxyz019-_."), (position, character) => {
        const altered = token.slice(0, position) + character + token.slice(position + 1);
        if (altered === token) return;
        expect(() => readLink("rsvp", altered)).toThrow(expect.objectContaining({ code: "LINK_INVALID" }));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readLink("rsvp", text)).toThrow(expect.objectContaining({ code: "LINK_INVALID" }));
      }),
    );
  });
});
