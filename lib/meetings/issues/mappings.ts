import { z } from "zod";
import type { MeetingIssue } from "./queries";

export const meetingIssueResource = z.strictObject({
  key: z.string(),
  /** The member who said so. */
  addedBy: z.string(),
  addedAt: z.string(),
});

export const issueResourceOf = ({ key, addedBy, addedAt }: MeetingIssue) => ({ key, addedBy, addedAt: addedAt.toISOString() });
