import { createHmac, timingSafeEqual } from "node:crypto";
import { invalid } from "./refusal";
import { durationMs } from "./schedule-time";

const longestMs = 48 * 3_600_000;

/** Links that show one mail for a while: signed with the API key, so they need no storage and end by themselves. */
export class ShareLinks {
  constructor(private readonly secret: string) {}

  make(origin: string, id: string, expiresIn: string | undefined, now: number): string {
    const lifetime = expiresIn === undefined ? longestMs : durationMs(expiresIn);
    if (lifetime === null || lifetime <= 0 || lifetime > longestMs) {
      throw invalid("Invalid `expires_in` field. Use a duration such as `10m` or `2 hours`, up to 48 hours.");
    }
    const claim = `${id}.${now + lifetime}`;
    return `${origin}/shared?token=${claim}.${this.sign(claim)}`;
  }

  /** The id of the mail that a token shows, or null when it is altered or has ended. */
  read(token: string, now: number): string | null {
    const [id = "", expiresAt = "", signature = ""] = token.split(".");
    const expected = Buffer.from(this.sign(`${id}.${expiresAt}`));
    const given = Buffer.from(signature);
    const genuine = expected.length === given.length && timingSafeEqual(expected, given);
    return genuine && Number(expiresAt) > now ? id : null;
  }

  private sign(claim: string): string {
    return createHmac("sha256", this.secret).update(`share\n${claim}`).digest("base64url");
  }
}
