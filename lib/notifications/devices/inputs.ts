import { z } from "zod";
import { canonicalKey, isAuthSecret, isPublicKey } from "./rules";

const deviceName = z.string("wrong-type").trim().min(1, "required").max(60, "too-long");
const workspaceId = z.string("wrong-type").max(64, "invalid").nullable().meta({ description: "The workspace that is active on it; null for the whole organization" });
const endpoint = z.url("push-endpoint").max(2_048, "too-long");
const key = (is: (value: string) => boolean) => z.string("wrong-type").min(1, "required").max(200, "too-long").refine(is, "push-key").transform(canonicalKey);

/** A browser's subscription as `PushSubscription.toJSON()` gives it, or the registration token of a phone app. */
export const registerDeviceInput = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("webpush"),
      endpoint,
      keys: z.strictObject({ p256dh: key(isPublicKey), auth: key(isAuthSecret) }),
      expirationTime: z.number("wrong-type").nullable().optional(),
      name: deviceName.optional(),
      workspaceId: workspaceId.optional(),
      replaces: endpoint.optional().meta({ description: "The same browser's earlier endpoint, when it has renewed its subscription" }),
    }),
    z.strictObject({
      kind: z.literal("fcm"),
      token: z.string("wrong-type").min(1, "required").max(2_048, "too-long").regex(/^[\w:.-]+$/, "malformed"),
      name: deviceName,
      workspaceId: workspaceId.optional(),
    }),
  ],
  "not-an-option",
);
export type RegisterDeviceInput = z.output<typeof registerDeviceInput>;

export const changeDeviceInput = z
  .strictObject({ name: deviceName.optional(), workspaceId: workspaceId.optional() })
  .refine(({ name, workspaceId: place }) => name !== undefined || place !== undefined, "nothing-to-change");
export type ChangeDeviceInput = z.output<typeof changeDeviceInput>;

/** The browser that asks, by the address its subscription has. */
export const currentDeviceInput = z.strictObject({ endpoint });
export type CurrentDeviceInput = z.output<typeof currentDeviceInput>;

/** For forms. */
export const deviceIdInput = z.strictObject({ deviceId: z.string("wrong-type").max(64, "invalid") });
export const renameDeviceInput = z.strictObject({ ...deviceIdInput.shape, name: deviceName });
export const placeDeviceInput = z.strictObject({ ...deviceIdInput.shape, workspaceId });
