import { eq } from "drizzle-orm";
import type { Atlassian } from "@/local/atlassian/testing";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { jiraGrants } from "../plugins/jira/oauth";
import { linkPerson } from "../people/commands";
import { keepGrant } from "./commands";
import { oauthCredentials } from "./tables";

/** What the application needs to know of an engine that runs for a test. */
export const jiraSettings = ({ url, clientId, clientSecret }: Pick<Atlassian, "url" | "clientId" | "clientSecret">) => ({
  JIRA_CLIENT_ID: clientId,
  JIRA_CLIENT_SECRET: clientSecret,
  ATLASSIAN_AUTH_URL: url,
  ATLASSIAN_API_URL: url,
});

/** A grant as the callback would have kept it: `account` of the engine's world consented. With `link`, the member is that account. */
export async function givenGrant(member: Member, atlassian: Pick<Atlassian, "issueGrant">, account = "ada", { scopes, link = false }: { scopes?: string[]; link?: boolean } = {}): Promise<string> {
  const issued = await atlassian.issueGrant(account, scopes);
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
