import { eq } from "drizzle-orm";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { jiraGrants } from "../plugins/jira/oauth";
import { linkPerson } from "../people/commands";
import { keepGrant } from "./commands";
import { oauthCredentials } from "./tables";

/** The engine that a test has started (`local/atlassian/testing.ts`). */
interface Engine {
  url: string;
  clientId: string;
  clientSecret: string;
  issueGrant(account: string, scopes?: string[]): Promise<{ accessToken: string; refreshToken: string; expiresIn: number; scope: string }>;
}

/** What the application needs to know of it. */
export const jiraSettings = ({ url, clientId, clientSecret }: Pick<Engine, "url" | "clientId" | "clientSecret">) => ({
  JIRA_CLIENT_ID: clientId,
  JIRA_CLIENT_SECRET: clientSecret,
  ATLASSIAN_AUTH_URL: url,
  ATLASSIAN_API_URL: url,
});

/** A grant as the callback would have kept it: `account` of the engine's world consented. With `link`, the member is that account. */
export async function givenGrant(
  member: Member,
  engine: Pick<Engine, "issueGrant">,
  account = "ada",
  { scopes, link = false }: { scopes?: string[]; link?: boolean } = {},
): Promise<string> {
  const issued = await engine.issueGrant(account, scopes);
  const found = await jiraGrants.sites(issued.accessToken);
  const known = "sites" in found ? await jiraGrants.whoIs(issued.accessToken, found.sites) : found;
  if (!("account" in known)) throw new Error(`whose grant it is cannot be told: ${JSON.stringify(known)}`);
  const pair = { accessToken: issued.accessToken, refreshToken: issued.refreshToken, expiresInSeconds: issued.expiresIn, scopes: issued.scope.split(" ") };
  return inTenant(member, async (tx) => {
    const grant = await keepGrant(tx, member, "jira", known.account, pair);
    if (link) await linkPerson(tx, member, "jira", grant, { replacing: true });
    return grant.id;
  });
}

export async function credentialRow(credentialId: string): Promise<typeof oauthCredentials.$inferSelect> {
  const [row] = await asSystem("grants", (tx) => tx.select().from(oauthCredentials).where(eq(oauthCredentials.id, credentialId)));
  if (!row) throw new Error(`no credential ${credentialId}`);
  return row;
}

export const changeCredential = (credentialId: string, change: Partial<typeof oauthCredentials.$inferInsert>) =>
  asSystem("grants", (tx) => tx.update(oauthCredentials).set(change).where(eq(oauthCredentials.id, credentialId)));
