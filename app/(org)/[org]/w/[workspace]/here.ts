import { notFound } from "next/navigation";
import { feedsOf } from "@/lib/feed/feeds/queries";
import type { FeedView } from "@/lib/feed/feeds/mappings";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { myWorkspaces, type MyWorkspace } from "@/lib/organizations/workspaces/queries";

/** Who is looking at which workspace; for anybody who is not in it there is none. */
export async function workspaceHere(org: string, slug: string): Promise<{ member: Member; workspace: MyWorkspace; feeds: FeedView[] }> {
  const member = await pageMember(org, `/${org}/w/${slug}`);
  const workspace = (await myWorkspaces(member)).find((one) => one.slug === slug);
  if (!workspace) notFound();
  return { member, workspace, feeds: await feedsOf(member, workspace.id) };
}
