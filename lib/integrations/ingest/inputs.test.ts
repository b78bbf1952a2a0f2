import { expect, test } from "vitest";
import { replayRangeForm } from "../connections/log/inputs";
import { replaySubscriptionInput } from "../subscriptions/inputs";
import { replayWebhooksInput, searchWebhooksInput } from "./inputs";

test.each(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"])("no range begins or ends at %s, which PostgreSQL cannot say", (odd) => {
  const now = "2026-11-21T09:00:00Z";
  for (const [from, to] of [[odd, now], [now, odd]]) {
    for (const schema of [replayWebhooksInput, searchWebhooksInput, replaySubscriptionInput]) expect(schema.safeParse({ from, to }).success).toBe(false);
    expect(replayRangeForm.safeParse({ connectionId: "con_1", from, to }).error?.issues).toMatchObject([{ message: "local-time" }]);
  }
});
