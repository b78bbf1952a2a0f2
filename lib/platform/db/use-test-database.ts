import { afterAll, beforeAll } from "vitest";
import { closeDatabase } from "./client";
import { createTestDatabase, type TestDatabase } from "./testing";

/** Settings with which the application code under test starts; none of them reaches a network by itself. */
const settings = {
  NODE_ENV: "test",
  APP_URL: "http://localhost:3000",
  NEXTAUTH_SECRET: "a-session-secret-of-the-tests",
  LINK_SECRET: "a-link-secret-of-the-tests",
  ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  MAIL_FROM: "Moim <moim@moim.example>",
  RESEND_API_KEY: "re_test",
  RESEND_BASE_URL: "http://127.0.0.1:9",
  PUSHER_APP_ID: "test",
  PUSHER_KEY: "test-key",
  PUSHER_SECRET: "test-secret",
  PUSHER_HOST: "127.0.0.1",
  PUSHER_PORT: "9",
  LOG_LEVEL: "silent",
};

/** Gives one test file the application on a database of its own. `overrides` must be set before anything reads the environment. */
export function useTestDatabase(overrides: Record<string, string> = {}): void {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, settings, overrides, { DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await closeDatabase();
    await database?.drop();
  });
}
