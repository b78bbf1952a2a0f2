"use server";

import { revalidatePath } from "next/cache";
import { submitForm } from "@/lib/platform/action";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { actingMember } from "@/lib/organizations/actor";
import { setTopic } from "./commands";
import { topicFormInput, type TopicChoice } from "./inputs";

/** Fields: `topic`, `choice` ("following", "muted" or "ordinary"). */
export async function setTopicAction(organization: string, _: FormState<TopicChoice | null>, form: FormData): Promise<FormState<TopicChoice | null>> {
  return submitForm(form, topicFormInput, (fields) => formFields(fields, ["topic", "choice"]), async ({ topic, choice }) => {
    await setTopic(await actingMember(organization), topic, choice);
    revalidatePath(`/${organization}`, "layout");
    return choice;
  });
}
