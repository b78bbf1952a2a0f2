import { z } from "zod";

/** A key as Jira makes them, in any case, or the address of its page. */
const keyOrAddress = z
  .string("wrong-type")
  .trim()
  .min(1, "required")
  .max(2_000, "too-long")
  .transform((typed) => (/^https?:\/\/[^\s/]+\/(?:[^\s?#]*\/)?browse\/([A-Za-z][A-Za-z0-9_]*-\d+)(?:[?#/].*)?$/.exec(typed)?.[1] ?? typed).toUpperCase())
  .refine((key) => /^[A-Z][A-Z0-9_]{1,19}-[1-9][0-9]{0,9}$/.test(key), "issue-key");

export const meetingIssueInput = z.strictObject({ issue: keyOrAddress });
export type MeetingIssueInput = z.output<typeof meetingIssueInput>;
