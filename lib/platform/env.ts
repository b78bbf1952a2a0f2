import { z } from "zod";

/** Every setting the application reads, in one place. Which server answers is configuration alone (README, "Hosted engines"). */
const flag = z.enum(["true", "false"]).default("false").transform((value) => value === "true");

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  APP_URL: z.url().default("http://localhost:3000"),
  DATABASE_URL: z.string().min(1),
  DATABASE_POOL: z.coerce.number().int().min(1).default(20),
  NEXTAUTH_SECRET: z.string().min(16),
  /** Signs the links in mails; separate from the session secret so that either can rotate alone. */
  LINK_SECRET: z.string().min(16),
  MAIL_FROM: z.string().min(3).default("Moim <moim@moim.example>"),
  RESEND_API_KEY: z.string().min(1),
  /** Read by the resend client itself; named here because the outgoing address matters to operators. */
  RESEND_BASE_URL: z.url().default("https://api.resend.com"),
  /** Proves Resend's reports about mails (`/webhook/resend`), as its dashboard shows it; without it none are taken. */
  RESEND_WEBHOOK_SECRET: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "is not a signing secret of a webhook (whsec_…)").optional(),
  PUSHER_APP_ID: z.string().min(1),
  PUSHER_KEY: z.string().min(1),
  PUSHER_SECRET: z.string().min(1),
  PUSHER_CLUSTER: z.string().default("mt1"),
  PUSHER_HOST: z.string().optional(),
  PUSHER_PORT: z.coerce.number().int().optional(),
  PUSHER_TLS: flag,
  /** Read by the inngest client itself; named here so that `/api/health` asks where events are sent. */
  INNGEST_DEV: z.string().optional(),
  /** What an engine that does not sign its calls must send with them, as `Authorization: Bearer`. */
  INNGEST_CALLER_SECRET: z.string().min(16).optional(),
  INNGEST_BASE_URL: z.url().optional(),
  /** Web Push (RFC 8292): the pair browsers know this server by, base64url. Without both, no browser is offered push. */
  VAPID_PUBLIC_KEY: z.string().optional(),
  VAPID_PRIVATE_KEY: z.string().optional(),
  /** Whom a push service may write to: `mailto:` or `https:`. By default MAIL_FROM's address. */
  VAPID_SUBJECT: z.string().regex(/^(mailto:|https:)/, "must start with mailto: or https:").optional(),
  /** The JSON of a Google service account that may send through Firebase Cloud Messaging; phone apps are offered push with it. */
  FCM_SERVICE_ACCOUNT: z.string().optional(),
  FCM_BASE_URL: z.url().default("https://fcm.googleapis.com"),
  /**
   * `host:port`, separated by commas: receivers of our own requests that may be private, on any port and without TLS. For tests and
   * for what runs on this machine; every other address that somebody names must be public (`safe-fetch.ts`).
   */
  OUTBOUND_ALLOW: z.string().default("").transform((list) => list.split(",").map((entry) => entry.trim().toLowerCase()).filter(Boolean)),
  /** Seal what is kept secret in the database (`secret-box.ts`): `id:base64 of 32 bytes`, separated by commas; the first seals. */
  ENCRYPTION_KEYS: z.string().regex(/^[\w-]{1,16}:[A-Za-z0-9+/]{43}=(,[\w-]{1,16}:[A-Za-z0-9+/]{43}=)*$/, "must be id:base64 of 32 bytes, separated by commas"),
  /** The OAuth 2.0 (3LO) app of the Atlassian developer console; without it no Jira site can be connected. */
  JIRA_CLIENT_ID: z.string().optional(),
  JIRA_CLIENT_SECRET: z.string().optional(),
  ATLASSIAN_AUTH_URL: z.url().default("https://auth.atlassian.com"),
  ATLASSIAN_API_URL: z.url().default("https://api.atlassian.com"),
  /**
   * Where media are kept: any S3-compatible bucket; without one nothing can be uploaded. S3_ENDPOINT is Amazon's own when absent.
   * Browsers reach it under S3_PUBLIC_ENDPOINT, which is S3_ENDPOINT unless set.
   */
  S3_ENDPOINT: z.url().optional(),
  S3_PUBLIC_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default("us-east-1"),
  S3_BUCKET: z.string().min(3).optional(),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** `https://host/bucket/key` instead of `https://bucket.host/key`; what most servers besides Amazon's expect. */
  S3_PATH_STYLE: z.enum(["true", "false"]).default("true").transform((value) => value === "true"),
  /** What the media of one organization may take, in megabytes, unless an organization has its own figure. */
  MEDIA_QUOTA_MB: z.coerce.number().int().min(1).default(5120),
  /** The largest single file, in megabytes. */
  MEDIA_FILE_MB: z.coerce.number().int().min(1).default(500),
  GITHUB_ID: z.string().optional(),
  GITHUB_SECRET: z.string().optional(),
  GOOGLE_ID: z.string().optional(),
  GOOGLE_SECRET: z.string().optional(),
  AZURE_AD_CLIENT_ID: z.string().optional(),
  AZURE_AD_CLIENT_SECRET: z.string().optional(),
  AZURE_AD_TENANT_ID: z.string().default("common"),
  /** Seconds in which several changes to one meeting become one mail per person. */
  MEETING_MERGE_SECONDS: z.coerce.number().int().min(0).max(3600).default(60),
  /** How many people from outside the meetings of one organization may invite in an hour. */
  OUTSIDE_GUESTS_PER_HOUR: z.coerce.number().int().min(1).default(2000),
  /** What one personal API token may ask for in a minute. */
  API_TOKEN_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(6000),
  /** What Prometheus sends to `/api/metrics`, and whoever wants to know why from `/api/health`, as `Authorization: Bearer`. */
  METRICS_TOKEN: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

export type Env = z.infer<typeof schema>;

let parsed: Env | undefined;

/**
 * The validated settings. Read on first use rather than at import, so that `next build` needs no configuration.
 * @throws Error naming every missing or malformed variable.
 */
export function env(): Env {
  if (parsed) return parsed;
  const present = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new Error(`The configuration is incomplete: ${faults}`);
  }
  parsed = result.data;
  // next-auth reads its own address from the environment; one address for both leaves nothing to disagree about.
  process.env.NEXTAUTH_URL = parsed.APP_URL;
  return parsed;
}
