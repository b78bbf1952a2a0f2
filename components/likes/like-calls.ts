import type { LikersPage, LikeState } from "@/lib/feed/likes/mappings";

const address = (organization: string, id: string, query: Record<string, string> = {}) => `/api/likes/${id}?${new URLSearchParams({ organization, ...query })}`;

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw new Error(`likes answered ${response.status}`);
  return response.json() as Promise<Answer>;
}

/** Says that it is so; said again, it comes to the same. */
export const sendLike = async (organization: string, id: string, liked: boolean) =>
  answerOf<LikeState>(await fetch(address(organization, id), { method: liked ? "PUT" : "DELETE", keepalive: true }));

export const readLikes = async (organization: string, id: string) => answerOf<LikeState>(await fetch(address(organization, id, { limit: "0" })));

export const readLikers = async (organization: string, id: string, cursor: string | null) =>
  answerOf<LikersPage>(await fetch(address(organization, id, cursor === null ? {} : { cursor })));
