import { z } from "zod";

/** Reports that say what became of a mail (https://resend.com/docs/webhooks/event-types). Others are answered and not kept. */
export const reportTypes = ["email.sent", "email.delivered", "email.delivery_delayed", "email.bounced", "email.complained", "email.suppressed", "email.failed"] as const;
export type ReportType = (typeof reportTypes)[number];

const words = z.string().catch("");
const tags = z.record(z.string(), z.string()).or(z.array(z.object({ name: z.string(), value: z.string() })).transform((list) => Object.fromEntries(list.map(({ name, value }) => [name, value]))));

const report = z.object({
  type: z.enum(reportTypes),
  created_at: z.iso.datetime({ offset: true }),
  data: z.object({
    email_id: z.string(),
    to: z.array(z.string()).or(z.string().transform((one) => [one])),
    tags: tags.catch({}).default({}),
    bounce: z.object({ type: words, subType: words, message: words }).optional(),
    suppressed: z.object({ type: words, message: words }).optional(),
    failed: z.object({ reason: words }).optional(),
  }),
});

/** What the provider says became of one mail. */
export interface Report {
  type: ReportType;
  at: Date;
  /** The provider's id of the mail. */
  providerId: string;
  /** As the mail was addressed; one person each. */
  addresses: string[];
  /** Our own id, which the mail carried as a tag; null for mails that are no deliveries. */
  deliveryId: string | null;
  /** In the provider's words. */
  detail: string;
  /** Why the address takes no more mail; null when it still does. */
  stop: "bounce" | "complaint" | null;
}

/** Null when it is no report that we know how to read. */
export function readReport(body: unknown): Report | null {
  const { success, data: read } = report.safeParse(body);
  if (!success) return null;
  const { type, data } = read;
  return {
    type,
    at: new Date(read.created_at),
    providerId: data.email_id,
    addresses: data.to.map(bareAddress),
    deliveryId: data.tags.delivery ?? null,
    detail: [data.bounce?.type, data.bounce?.subType, data.bounce?.message, data.suppressed?.message, data.failed?.reason].filter(Boolean).join(" · ").slice(0, 500),
    stop: stopOf(type, data),
  };
}

/**
 * Only what lasts stops an address: a full mailbox or a server that is away (`Transient`), and whatever the provider could not tell
 * (`Undetermined`), may be over tomorrow. What the provider suppresses by itself would not reach anybody.
 */
function stopOf(type: ReportType, data: z.output<typeof report>["data"]): Report["stop"] {
  if (type === "email.complained") return "complaint";
  if (type === "email.suppressed") return /complain/i.test(`${data.suppressed?.type} ${data.suppressed?.message}`) ? "complaint" : "bounce";
  return type === "email.bounced" && data.bounce?.type.toLowerCase() === "permanent" ? "bounce" : null;
}

/** `Ann <ann@example.org>` or the address alone, as it is kept. */
const bareAddress = (text: string) => (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
