import type { GrantPurpose } from "./inputs";

/** A plugin whose places are reached with somebody's consent (OAuth 2.0, RFC 6749 section 4.1). Nothing of it throws for what may happen. */
export interface GrantProvider {
  readonly plugin: string;
  /** Whether whoever runs this has registered an app over there. */
  isSetUp(): boolean;
  scopesFor(purpose: GrantPurpose): string[];
  /** Where somebody consents. */
  authorizeUrl(wish: { state: string; scopes: string[] }): string;
  exchange(code: string): Promise<TokenPair | TokenRefusal | Outage>;
  refresh(refreshToken: string): Promise<TokenPair | TokenRefusal | Outage>;
  /** The places that a token reaches. */
  sites(token: string): Promise<{ sites: Site[] } | TokenRefusal | Outage>;
  /** Whose token it is. */
  whoIs(token: string, sites: Site[]): Promise<{ account: Account } | TokenRefusal | Outage>;
}

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
  scopes: string[];
}

/** They answered and said no. `isFinal`: no repetition helps, only a new consent. */
export interface TokenRefusal {
  refused: string;
  isFinal: boolean;
}

/** They did not answer, or said that they cannot now. It says nothing about the grant. */
export interface Outage {
  away: string;
  retryAfterSeconds: number | null;
}

export interface Site {
  cloudId: string;
  name: string;
  url: string;
  avatarUrl: string | null;
  scopes: string[];
}

export interface Account {
  id: string;
  name: string;
}
