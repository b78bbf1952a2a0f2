import { z } from "zod";

export const likeState = z.strictObject({
  liked: z.boolean().meta({ description: "Whether you like it" }),
  likes: z.int().meta({ description: "How many people like it" }),
});
export type LikeState = z.infer<typeof likeState>;

export const likersPage = z.strictObject({
  ...likeState.shape,
  people: z.array(z.strictObject({ id: z.string(), name: z.string(), likedAt: z.iso.datetime() })).meta({ description: "Who likes it, the latest first" }),
  nextCursor: z.string().nullable(),
});
export type LikersPage = z.infer<typeof likersPage>;
