import { z } from "zod";

const id = z.string("wrong-type").max(64, "invalid");

/** Which sites of a grant become connections. What they are is read from the grant itself, never taken from here. */
export const connectSitesInput = z.strictObject({
  credentialId: id,
  cloudIds: z.array(z.string("wrong-type").min(1, "required").max(100, "too-long"), "wrong-type").min(1, "sites").max(50, "too-many"),
});
export type ConnectSitesInput = z.input<typeof connectSitesInput>;

export const createGenericConnectionInput = z.strictObject({ name: z.string("wrong-type").trim().min(1, "required").max(80, "too-long") });
export type CreateGenericConnectionInput = z.input<typeof createGenericConnectionInput>;

export const connectionId = z.strictObject({ connectionId: id });

/** What the API may change of a connection. */
export const changeConnectionInput = z.strictObject({ paused: z.boolean("wrong-type") });

export const setUnsignedInput = z.strictObject({ connectionId: id, allowed: z.enum(["yes", "no"], "not-an-option") });

export const rotateSecretForm = z.strictObject({ connectionId: id, atOnce: z.boolean("wrong-type") });

export const registerHooksForm = z.strictObject({ connectionId: id, filter: z.string("wrong-type").max(2000, "too-long").default("") });
