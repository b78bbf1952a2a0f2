/** Who may publish in a feed. Usable in the browser. */
export const postings = ["members", "admins"] as const;
export type Posting = (typeof postings)[number];
