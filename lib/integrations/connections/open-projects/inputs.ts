import { z } from "zod";

const id = z.string("wrong-type").trim().min(1, "required").max(64, "too-long");

/** A project as the plugin knows it, and the workspace that may hear of it. */
export const openProjectInput = z.strictObject({
  /** `<id> <key>`, as the list offers it. */
  project: z
    .string("wrong-type")
    .trim()
    .min(1, "required")
    .max(130, "too-long")
    .regex(/^[\w-]{1,64} \S{1,64}$/, "project")
    .transform((value) => {
      const [projectId = "", projectKey = ""] = value.split(" ");
      return { projectId, projectKey };
    }),
  workspaceId: id,
});
export type OpenProjectInput = z.output<typeof openProjectInput>;

export const closeProjectInput = z.strictObject({ projectId: id, workspaceId: id });
export type CloseProjectInput = z.output<typeof closeProjectInput>;
