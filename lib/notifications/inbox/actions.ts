"use server";

import { after } from "next/server";
import { revalidatePath } from "next/cache";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { announceInbox, markRead } from "./commands";
import { readNotificationsInput, type ReadNotificationsInput } from "./inputs";

/** Marks some rows read, or all up to the newest one on the page; bound to both by the page, so that it works without scripts; what is bound travels through the browser. */
export async function markReadAction(organization: string, what: ReadNotificationsInput): Promise<void> {
  const member = await actingMember(organization);
  const count = await markRead(member, parseInput(readNotificationsInput, what));
  after(() => announceInbox(member, count));
  revalidatePath(`/${organization}/inbox`);
}
