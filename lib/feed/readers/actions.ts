"use server";

import { z } from "zod";
import { Refused } from "@/lib/platform/errors";
import { actingMember } from "@/lib/organizations/actor";
import { workspacesMax } from "../articles/inputs";
import { countReaders } from "./queries";

const countInput = z.tuple([z.string().max(100), z.string().max(64), z.array(z.string().max(64)).max(4 * workspacesMax)]);

/** For the panel that publishes, whenever another workspace is chosen; null when it cannot be said. */
export async function countReadersAction(...input: [organization: string, articleId: string, workspaceIds: string[]]): Promise<number | null> {
  const asked = countInput.safeParse(input);
  if (!asked.success) return null;
  const [organization, articleId, workspaceIds] = asked.data;
  try {
    return await countReaders(await actingMember(organization), articleId, workspaceIds);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
