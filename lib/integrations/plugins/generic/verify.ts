import type { InboundRequest, Trust, Verdict } from "../../plugin";
import { isSignedBy } from "../signatures";

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: old messages are not taken again. */
const toleranceSeconds = 5 * 60;

/** Standard Webhooks 1.0.0: `webhook-signature` holds one or more `v1,<base64 HMAC-SHA256 of "id.timestamp.body">`. */
export function verify({ headers, body }: InboundRequest, { secrets, nowMs }: Trust): Verdict {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  const keys = secrets.map(keyOf);
  const given = (signatures ?? "").split(" ").slice(0, 10).filter((each) => each.startsWith("v1,")).map((each) => Buffer.from(each.slice(3), "base64"));
  const genuine = isSignedBy(keys, [`${id ?? ""}.${timestamp ?? ""}.`, body], given);
  if (!id || !timestamp || !signatures) return { refused: "unsigned" };
  if (!genuine) return { refused: "signature" };
  const isOfNow = /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1000 - Number(timestamp)) <= toleranceSeconds;
  return isOfNow ? { proof: "signature" } : { refused: "expired" };
}

const keyOf = (secret: string): string | Buffer => (secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret);
