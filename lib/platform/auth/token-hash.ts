import { createHash } from "node:crypto";
import { env } from "../env";

/** For secrets of 256 random bits a plain hash is enough: there is nothing to guess that salt or slowness would protect. */
export const hashSecret = (secret: string) => createHash("sha256").update(secret).digest("hex");

/** The hash next-auth stores of an e-mail token (next-auth/core/lib/utils, `hashToken`); a test holds the two together. */
export const hashEmailToken = (token: string) => hashSecret(`${token}${env().NEXTAUTH_SECRET}`);
