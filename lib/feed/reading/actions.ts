"use server";

import { revalidatePath } from "next/cache";
import { actingMember } from "@/lib/organizations/actor";
import { readAll } from "./commands";

/** Everything that stood on the page when it was made; what came since stays unread. */
export async function readAllAction(organization: string, workspaceId: string, before: string): Promise<void> {
  const instant = new Date(before);
  if (Number.isNaN(instant.getTime())) return;
  await readAll(await actingMember(organization), workspaceId, instant);
  revalidatePath(`/${organization}`, "layout");
}
