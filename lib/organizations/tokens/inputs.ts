import { z } from "zod";

export const scopes = ["meetings:read", "meetings:write", "notifications:read", "notifications:write", "notifications:publish", "templates:read", "templates:write", "devices:read", "devices:write", "preferences:read", "preferences:write", "deliveries:read", "deliveries:write", "integrations:read", "integrations:write", "subscriptions:read", "subscriptions:write", "endpoints:read", "endpoints:write", "issues:read", "issues:write", "articles:read", "articles:write", "comments:read", "comments:write", "likes:write", "media:read", "media:write", "dashboard:read"] as const;
export type Scope = (typeof scopes)[number];

export const lifetimesDays = [7, 30, 90, 365] as const;

export const createApiTokenInput = z.strictObject({
  name: z.string("wrong-type").trim().min(1, "required").max(60, "too-long"),
  scopes: z.array(z.enum(scopes, "not-an-option"), "wrong-type").min(1, "scopes").max(scopes.length, "too-many"),
  days: z.coerce
    .number("wrong-type")
    .refine((days) => lifetimesDays.some((choice) => choice === days), "not-an-option")
    .default(90),
});
export type CreateApiTokenInput = z.input<typeof createApiTokenInput>;

export const revokeApiTokenInput = z.strictObject({ tokenId: z.string("wrong-type").max(64, "invalid") });
