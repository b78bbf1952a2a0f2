import { z } from "zod";

/** What may come in. Usable in the browser. */
const memberId = z.string("wrong-type").min(1, "required").max(64, "unknown-member");

export const addToWorkspaceInput = z.strictObject({ memberIds: z.array(memberId).min(1, "required").max(100, "too-many") });
export const removeFromWorkspaceInput = z.strictObject({ memberId });
