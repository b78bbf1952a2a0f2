import { z } from "zod";

export const unlinkAccountInput = z.object({ plugin: z.literal("jira", "wrong-type").default("jira") });
