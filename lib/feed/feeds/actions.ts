"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { archiveFeed, changeFeed, createFeed, orderFeeds, restoreFeed } from "./commands";
import { changeFeedInput, createFeedInput, orderFeedsInput } from "./inputs";

/** The edges of a workspace's settings: parse, resolve the member, command. Bound to the organization's slug and an id by its page. */
export async function createFeedAction(organization: string, workspaceId: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => ({ workspaceId, ...formFields(fields, ["name", "posting"]) });
  return submitForm(form, createFeedInput, shape, async (input) => {
    await createFeed(await actingMember(organization), input);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function changeFeedAction(organization: string, feedId: string, _: FormState, form: FormData): Promise<FormState> {
  // The first has no name to change, so that its form has none to send.
  const shape = (fields: FormData) => formFields(fields, fields.has("name") ? ["name", "posting"] : ["posting"]);
  return submitForm(form, changeFeedInput, shape, async (input) => {
    await changeFeed(await actingMember(organization), feedId, input);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function archiveFeedAction(organization: string, feedId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.object({}), () => ({}), async () => {
    await archiveFeed(await actingMember(organization), feedId);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function restoreFeedAction(organization: string, feedId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, z.object({}), () => ({}), async () => {
    await restoreFeed(await actingMember(organization), feedId);
    revalidatePath(`/${organization}`, "layout");
  });
}

/** All feeds of the workspace in their new order. */
export async function orderFeedsAction(organization: string, workspaceId: string, feedIds: string[], _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, orderFeedsInput, () => ({ feedIds }), async (input) => {
    await orderFeeds(await actingMember(organization), workspaceId, input);
    revalidatePath(`/${organization}`, "layout");
  });
}
