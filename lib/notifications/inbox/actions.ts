"use server";

import { after } from "next/server";
import { redirect } from "next/navigation";
import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember } from "@/lib/organizations/actor";
import { announceInbox, markRead, markUnread } from "./commands";
import {
  readNotificationsInput,
  snoozeNotificationsInput,
  unreadNotificationsInput,
  type ReadNotificationsInput,
  type SnoozeNotificationsInput,
  type UnreadNotificationsInput,
} from "./inputs";
import { snooze } from "./snoozes/commands";
import { snoozeShape } from "./snoozes/forms";

/** Bound to what they mean by the page, so that they work without scripts; what is bound travels through the browser, so it is parsed. */
export async function markReadAction(organization: string, what: ReadNotificationsInput): Promise<void> {
  const member = await actingMember(organization);
  const count = await markRead(member, parseInput(readNotificationsInput, what));
  after(() => announceInbox(member, count));
  revalidatePath(`/${organization}/inbox`);
}

/** Everything that was seen; the page then offers to take it back. */
export async function markAllReadAction(organization: string, what: ReadNotificationsInput, query: Record<string, string>): Promise<void> {
  const member = await actingMember(organization);
  const marked = await markRead(member, parseInput(readNotificationsInput, what));
  after(() => announceInbox(member, marked));
  redirect(`/${organization}/inbox?${new URLSearchParams({ ...query, undo: marked.readAt.toISOString() })}`);
}

export async function markUnreadAction(organization: string, what: UnreadNotificationsInput): Promise<void> {
  const member = await actingMember(organization);
  const count = await markUnread(member, parseInput(unreadNotificationsInput, what));
  after(() => announceInbox(member, count));
  if (what.readAt) redirect(`/${organization}/inbox`);
  revalidatePath(`/${organization}/inbox`);
}

export async function snoozeAction(organization: string, what: SnoozeNotificationsInput): Promise<void> {
  const member = await actingMember(organization);
  const count = await snooze(member, parseInput(snoozeNotificationsInput, what));
  after(() => announceInbox(member, count));
  revalidatePath(`/${organization}/inbox`);
}

/** Until a date and time of the member's own clocks. */
export async function snoozeUntilAction(organization: string, receiverId: string, _: FormState, form: FormData): Promise<FormState> {
  const member = await actingMember(organization);
  return submitForm(form, snoozeNotificationsInput, (fields) => snoozeShape(fields, receiverId, member.timeZone), async (input) => {
    const count = await snooze(member, input);
    after(() => announceInbox(member, count));
    redirect(`/${organization}/inbox`);
  });
}
