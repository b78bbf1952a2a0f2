import { z } from "zod";

export const settingsSchema = z.strictObject({
  accessTokenSeconds: z.number().int().min(1).max(86_400),
  refreshLeewaySeconds: z.number().int().min(0).max(86_400),
  expiredTokenStatus: z.literal([401, 403, 404]),
  refreshFailure: z.enum(["invalid_grant", "unauthorized_client"]),
  retrySpeed: z.number().positive(),
  responseTimeoutMs: z.number().int().min(10).max(600_000),
  outage: z.enum(["off", "unavailable", "unreachable"]),
  limits: z.strictObject({ pointsPerHour: z.number().int().min(0), readsPerSecond: z.number().int().min(0), writesPerSecond: z.number().int().min(0), issueWrites: z.boolean() }),
}).partial();

export type SettingsChange = z.infer<typeof settingsSchema>;

export const grantSchema = z.strictObject({
  account: z.string(),
  client: z.string().optional(),
  /** Slugs; all sites of the account without it. */
  sites: z.array(z.string()).optional(),
  scopes: z.array(z.string()).min(1),
});

export const revokeSchema = z.strictObject({
  account: z.string(),
  client: z.string().optional(),
});

export const uninstallSchema = z.strictObject({ site: z.string(), client: z.string().optional() });

export const accountSchema = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1).optional(),
  email: z.email().optional(),
  emailVisible: z.boolean().optional(),
  timeZone: z.string().optional(),
  locale: z.string().optional(),
  /** Slugs of the sites that it may use; those it administers are among them. */
  sites: z.array(z.string()).optional(),
  adminOf: z.array(z.string()).optional(),
});

export const siteSchema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1),
  admins: z.array(z.string()).min(1),
  members: z.array(z.string()).default([]),
  confluence: z.boolean().default(false),
});

export const projectSchema = z.strictObject({
  site: z.string(),
  key: z.string().regex(/^[A-Z][A-Z0-9]+$/),
  name: z.string().min(1).optional(),
  lead: z.string().optional(),
  /** Who may browse it; null for everybody. */
  viewers: z.array(z.string()).nullable().optional(),
});

export const clientSchema = z.strictObject({
  id: z.string().min(1),
  secret: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  redirectUris: z.array(z.url()).optional(),
  /** The owner of a private application; null once it is shared. */
  owner: z.string().nullable().optional(),
});

export const fireSchema = z.strictObject({
  site: z.string(),
  event: z.string(),
  /** The issue that it is about; one of the site without it. */
  issue: z.string().optional(),
  as: z.string().optional(),
  /** Straight at one hook, whatever it listens to. */
  hook: z.string().optional(),
  /** Different events, told at once. */
  count: z.number().int().min(1).max(20_000).default(1),
  /** The same event so often, under one identifier. */
  copies: z.number().int().min(1).max(1_000).default(1),
  identifier: z.string().optional(),
  flow: z.enum(["Primary", "Secondary"]).default("Primary"),
  /** Replaces parts of the payload; null removes one. */
  payload: z.record(z.string(), z.unknown()).default({}),
  /** Instead of the payload, byte for byte. */
  rawBody: z.string().optional(),
  /** Makes the issue's description so long. */
  padBytes: z.number().int().min(0).max(32 * 1024 * 1024).default(0),
});

export type Fire = z.input<typeof fireSchema>;

export const hookSchema = z.strictObject({
  site: z.string(),
  as: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  url: z.string().optional(),
  events: z.array(z.string()).optional(),
  jql: z.string().optional(),
  secret: z.string().nullable().optional(),
  excludeBody: z.boolean().optional(),
  enabled: z.boolean().optional(),
});
