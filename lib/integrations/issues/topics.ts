import { createHmac, hkdfSync } from "node:crypto";
import { env } from "@/lib/platform/env";

/**
 * The name under which an issue's changes are called out in the organization's channel. Everybody there hears it, also those who may not
 * know that the issue exists: only whoever was shown the issue was given its name.
 */
export function issueTopic(connectionId: string, issueId: string): string {
  const key = Buffer.from(hkdfSync("sha256", env().LINK_SECRET, "moim", "issue-topic", 32));
  return createHmac("sha256", key).update(`${connectionId} ${issueId}`).digest("base64url").slice(0, 22);
}
