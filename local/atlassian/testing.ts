import { onTestFinished } from "vitest";
import { controlOf } from "./control/client";
import type { SettingsChange } from "./control/schemas";
import { openAtlassian } from "./server";

export type { AdminHook, Delivery } from "./world/entities";

/** Everything that an application of ours may ask for. */
export const allScopes = ["read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-webhook", "read:me", "offline_access"];

interface Options {
  redirectUri?: string;
  clientId?: string;
  clientSecret?: string;
  /** Keeps the world there; otherwise it is gone with the engine. */
  dataDir?: string;
  port?: number;
  /** The true time; a test that moves the application's clock hands it here too. */
  now?: () => number;
  settings?: SettingsChange;
}

export interface IssuedGrant {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
  scope: string;
}

/** The engine in this process on a free port with a fresh world, gone when the test (or, begun in a hook, the file) asks for `stop()`. */
export async function startAtlassian(options: Options = {}) {
  const { clientId = "client-of-tests", clientSecret = "secret-of-tests", redirectUri = "http://localhost:3000/oauth/jira/callback", dataDir = null, port = 0, now, settings } = options;
  const engine = await openAtlassian({ port, dataDir, client: { id: clientId, secret: clientSecret, redirectUris: [redirectUri] }, ...(now && { now }) });
  const control = controlOf(engine.url);
  if (settings) await control.settings(settings);
  return {
    url: engine.url,
    clientId,
    clientSecret,
    redirectUri,
    control,
    /** A consent without a browser: what the callback would have got for its code. */
    async issueGrant(account = "ada", scopes: string[] = allScopes, sites?: string[]): Promise<IssuedGrant> {
      const { access_token, refresh_token = "", expires_in, scope } = await control.send<{ access_token: string; refresh_token?: string; expires_in: number; scope: string }>("POST", "grants", { account, scopes, sites });
      return { accessToken: access_token, refreshToken: refresh_token, expiresIn: expires_in, scope };
    },
    stop: () => engine.close(),
  };
}

export type Atlassian = Awaited<ReturnType<typeof startAtlassian>>;

/** As `startAtlassian`, stopped when the test that asked for it ends. */
export async function atlassianUnderTest(options: Options = {}): Promise<Atlassian> {
  const atlassian = await startAtlassian(options);
  onTestFinished(() => atlassian.stop().catch(() => undefined));
  return atlassian;
}
