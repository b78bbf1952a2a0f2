import { clock } from "@/lib/platform/clock";
import { isGone, sendPush } from "@/lib/platform/push";
import type { PushNotice } from "@/lib/platform/push-message";
import { limitRate } from "@/lib/platform/rate-limit";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { inboxCount } from "../../inbox/queries";
import { readerOf } from "../../templates/reader";
import { endGoneDevices } from "../commands";
import { devicesById } from "../queries";

/** What came of it: `gone` when the push service knows the device no more, which ends it; `failed` with the provider's words. */
export type TestedPush = { outcome: "sent" | "gone" } | { outcome: "failed"; answer: string };

const minuteTtl = 60;

/**
 * Shows something on one of the member's own devices, for who wants to know whether push works.
 * @throws Refused NOT_FOUND unless it is an active device of theirs that stands here, TOO_MANY_REQUESTS.
 */
export async function sendTestPush(member: Member, deviceId: string): Promise<TestedPush> {
  await limitRate(`test-push:${member.userId}`, 10, 60);
  const device = (await devicesById(member, [deviceId])).get(deviceId);
  if (!device || device.ended || device.memberId !== member.id) throw new Refused("NOT_FOUND");
  const { push } = await readerOf(member);
  const notice: PushNotice = {
    title: push("test.title"),
    body: push("test.body"),
    url: `/${member.organizationSlug}/settings/notifications`,
    tag: "moim-test",
    receiverId: null,
    organization: member.organizationSlug,
    at: clock.nowMs(),
    badge: await inboxCount(member),
  };
  const answer = await sendPush(device.target, { notice, ttlSeconds: minuteTtl, topic: null, urgency: "high" });
  if (answer.ok) return { outcome: "sent" };
  if (!isGone(answer)) return { outcome: "failed", answer: answer.answer };
  await endGoneDevices(member, [deviceId]);
  return { outcome: "gone" };
}
