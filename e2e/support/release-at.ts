import { subjects } from "@/inngest/subjects";
import { clock } from "@/lib/platform/clock";
import { ensurePerson } from "@/lib/platform/auth/people";
import { closeDatabase } from "@/lib/platform/db/client";
import { channels } from "@/lib/notifications/registry";
import { releaseHeld } from "@/lib/notifications/releases/commands";
import { deliver } from "@/lib/notifications/sending/commands";
import { memberOfPerson } from "@/lib/organizations/actor";

const [at = "", email = "", organization = ""] = process.argv.slice(2);

await clock.at(at, async () => {
  const member = await memberOfPerson(await ensurePerson(email), organization);
  if (!member) throw new Error(`${email} is no member of ${organization}`);
  for (const { channel, deliveryIds } of await releaseHeld(member, [member.id])) await deliver(member, channels[channel], deliveryIds, subjects);
});
await closeDatabase();
