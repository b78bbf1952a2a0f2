import { randomBytes } from "node:crypto";

/** Tests run side by side and again on the same instance: what one makes, no other looks at. */
export const unique = (words: string) => `${words} ${randomBytes(3).toString("hex")}`;

export const uniqueEmail = (name: string) => `${name}.${randomBytes(4).toString("hex")}@e2e.example`;
