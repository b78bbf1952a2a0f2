import { inTenant } from "@/lib/platform/db/client";
import { articleChannel, workspaceChannel } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { mayHear } from "../access/queries";

const ofWorkspace = workspaceChannel("");
const ofArticle = articleChannel("");

/** Whether the member may hear a channel of the news, as of now; false for every other kind of channel. */
export async function mayHearChannel(member: Member, channel: string): Promise<boolean> {
  const subject = subjectOf(channel);
  return subject !== null && inTenant(member, (tx) => mayHear(tx, member, subject));
}

function subjectOf(channel: string): { workspaceId: string } | { articleId: string } | null {
  if (channel.startsWith(ofWorkspace)) return { workspaceId: channel.slice(ofWorkspace.length) };
  if (channel.startsWith(ofArticle)) return { articleId: channel.slice(ofArticle.length) };
  return null;
}
