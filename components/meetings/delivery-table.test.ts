import { expect, test } from "vitest";
import { notificationTypes } from "@/lib/notifications/catalog";
import { locales } from "@/lib/platform/i18n/locales";

test.each(locales)("the record of what was sent has a word for every kind of mail about a meeting: %s", async (locale) => {
  const { sentType } = (await import(`../../lib/platform/i18n/messages/${locale}/meetings.json`)).default;
  const kinds = notificationTypes.filter((type) => type.startsWith("meeting.")).map((type) => type.slice("meeting.".length));
  expect(Object.keys(sentType.meeting).sort()).toEqual(kinds.sort());
});
