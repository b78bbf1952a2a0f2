/** Who may publish in a feed. Usable in the browser, so without schemas: zod compiles them with `eval`, which our policy reports. */
export const postings = ["members", "admins"] as const;
export type Posting = (typeof postings)[number];

export const feedNameMax = 60;
/** Of one workspace, archived ones included. */
export const feedsMax = 50;
