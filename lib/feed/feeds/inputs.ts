import { z } from "zod";
import { plainLine } from "@/lib/platform/plain-text";
import { feedNameMax, feedsMax, postings } from "./bounds/inputs";

const name = z.string("wrong-type").transform(plainLine).pipe(z.string().min(1, "required").max(feedNameMax, "too-long"));
const posting = z.enum(postings, "not-an-option").meta({ description: "Who may publish in it: everybody of the workspace, or its organization's admins alone" });

export const createFeedInput = z.strictObject({ workspaceId: z.string("wrong-type").max(64, "unknown-workspace"), name, posting: posting.default("members") });
export type CreateFeedInput = z.output<typeof createFeedInput>;

export const changeFeedInput = z
  .strictObject({ name: name.optional(), posting: posting.optional() })
  .refine((changes) => Object.keys(changes).length > 0, "nothing-to-change");
export type ChangeFeedInput = z.output<typeof changeFeedInput>;

export const orderFeedsInput = z.strictObject({ feedIds: z.array(z.string("wrong-type").max(64, "invalid"), "wrong-type").max(feedsMax, "too-many") });
export type OrderFeedsInput = z.output<typeof orderFeedsInput>;

export const listFeedsInput = z.strictObject({
  workspace: z.string("wrong-type").max(60, "unknown-workspace").meta({ description: "Its slug, as in the addresses of its pages" }),
});
