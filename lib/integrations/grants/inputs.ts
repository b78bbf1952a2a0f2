import { z } from "zod";

/** Why somebody was sent to consent: to connect sites, to mend the grant of a connection, or to say who they are over there. */
export const grantPurposes = ["connect", "reconnect", "link"] as const;
export type GrantPurpose = (typeof grantPurposes)[number];

/**
 * What can keep a consent from coming about. The page that somebody comes back to gets it as `?problem=` and says it with the messages
 * `grants.problems.<code>`.
 */
export const grantProblems = [
  /** They said no over there; or something else went wrong there. */
  "denied",
  "refused",
  /** The state is none of ours, was used before, is older than ten minutes, or belongs to somebody else's session. */
  "state",
  "used",
  "expired",
  "session",
  "signed-out",
  "organization",
  "permission",
  "no-code",
  "exchange",
  "unavailable",
  "no-sites",
  /** The account does not see the connection's site; sees none of the organization's; is a colleague's. */
  "account",
  "other-site",
  "account-taken",
  "connection",
  "not-set-up",
  "too-many",
  "unexpected",
] as const;
export type GrantProblem = (typeof grantProblems)[number];

/** What a page was told by `?problem=`; null for anything that is none of ours. */
export const grantProblemOf = (value: string | null | undefined): GrantProblem | null => grantProblems.find((problem) => problem === value) ?? null;

/** The address that a link to consent leads to; read leniently, because a wrong one is answered with a page. */
export const beginGrantInput = z.object({
  organization: z.string().regex(/^[\w-]{1,100}$/),
  purpose: z.enum(grantPurposes),
  connection: z.string().regex(/^\w{1,100}$/).optional().catch(undefined),
  return: z.string().max(1000).optional(),
});
export type BeginGrantInput = z.output<typeof beginGrantInput>;
