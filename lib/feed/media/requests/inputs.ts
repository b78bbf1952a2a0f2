import { z } from "zod";
import { altMax } from "../inputs";

export const beginUploadInput = z.strictObject({
  fileName: z.string().max(1_000, "too-long").meta({ description: "Cleaned before it is kept: no folders, no control characters, at most 200 characters" }),
  type: z.string().max(200, "too-long").default("").meta({ description: "Its media type; signed into the URL" }),
  bytes: z.int("invalid").min(1, "empty-file"),
});
export type BeginUploadInput = z.output<typeof beginUploadInput>;

export const describeMediaInput = z.strictObject({
  alt: z.string().trim().max(altMax, "too-long").meta({ description: "What somebody who cannot see it should know; empty when it is decoration" }),
});
export type DescribeMediaInput = z.output<typeof describeMediaInput>;

export const fetchMediaInput = z.strictObject({
  download: z.enum(["true", "false"]).default("false").transform((value) => value === "true").meta({ description: "To be kept rather than shown" }),
});
