import type { GrantProblem, GrantPurpose } from "./inputs";

/** RFC 6749 section 4.1.2 gives a code ten minutes at most; a consent page that was left open for longer is begun anew. */
export const stateLifeMs = 10 * 60_000;

interface Flow {
  slug: string;
  purpose: GrantPurpose;
  connectionId: string | null;
  /** A path of ours, or nothing that was wished. */
  wished: string;
}

/** Where somebody comes back to: what they came from, if it is their organization's, else the page that the purpose belongs to. */
export function homeOf({ slug, purpose, connectionId, wished }: Flow): string {
  if (wished.startsWith(`/${slug}/`)) return wished;
  const settings = `/${slug}/settings`;
  if (purpose === "link") return `${settings}/subscriptions`;
  return connectionId ? `${settings}/integrations/${connectionId}` : `${settings}/integrations`;
}

export function withQuery(path: string, name: string, value: string): string {
  const [beforeHash = "", hash] = path.split("#", 2);
  const [pathname = "", query = ""] = beforeHash.split("?", 2);
  const parameters = new URLSearchParams(query);
  parameters.set(name, value);
  return `${pathname}?${parameters.toString()}${hash === undefined ? "" : `#${hash}`}`;
}

export const problemPath = (plugin: string, problem: GrantProblem) => `/oauth/${plugin}/problem?problem=${problem}`;

/** `error` of RFC 6749 section 4.1.2.1, of which Atlassian documents none. */
export const problemOfError = (error: string): GrantProblem =>
  error === "access_denied" ? "denied" : error === "temporarily_unavailable" || error === "server_error" ? "unavailable" : "refused";

/** Consenting again overrides the scopes of what the same account has consented to before; whatever hangs on that must go on working. */
export const unionOfScopes = (wanted: string[], carried: string[]) => [...new Set([...wanted, ...carried])].toSorted();
