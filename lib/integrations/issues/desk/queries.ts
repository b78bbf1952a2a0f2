import { taggedCache } from "@/lib/platform/cache";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { connectionOf, connectionsOf, connectionsTag, type Connection } from "../../connections/queries";
import { personOf, type Person } from "../../people/queries";
import { jiraClient, type JiraClient } from "../../plugins/jira/client";

/** A member at a Jira site, as themselves: with their own grant, and never with that of whoever connected the site. */
export interface Desk {
  connection: Connection;
  person: Person;
  jira: JiraClient;
}

/** The organization's Jira sites, by name. */
export const jiraSites = async (member: Member): Promise<Connection[]> => (await connectionsOf(member)).filter(({ plugin }) => plugin === "jira");

/** Cache: owner this file; key one tenant; life ten minutes; cleared on commit by whoever connects a place or leaves one. Every page asks. */
const sites = taggedCache<{ any: boolean }>("jira-sites", { max: 5_000, lifeMs: 10 * 60 * 1000 });

export const hasJira = async (member: Member): Promise<boolean> =>
  (await sites.read(connectionsTag(member), async () => ({ any: (await jiraSites(member)).length > 0 }))).any;

/**
 * @param connectionId the only site when it is left out; the first by name when there are several.
 * @throws Refused NOT_FOUND, ACCOUNT_NEEDED (no account of theirs is linked), RECONNECT_NEEDED; the last two with the path that mends it.
 */
export async function deskOf(member: Member, connectionId?: string): Promise<Desk> {
  const connection = connectionId ? await connectionOf(member, connectionId) : (await jiraSites(member))[0];
  if (connection?.plugin !== "jira" || !connection.metadata.cloudId) throw new Refused("NOT_FOUND", { detail: "There is no such Jira site here." });
  const person = await personOf(member, member.id);
  const mend = { linkUrl: linkPath(member.organizationSlug) };
  if (!person) throw new Refused("ACCOUNT_NEEDED", { detail: "Link your own Atlassian account first: what is read and written in Jira is read and written as you.", extra: mend });
  if (person.broken) throw new Refused("RECONNECT_NEEDED", { detail: "Your Atlassian account has to be linked again.", extra: mend });
  return { connection, person, jira: jiraClient(member, { credentialId: person.credentialId, cloudId: connection.metadata.cloudId }) };
}

/** Where a member links their own account, and then comes back from. A plain address: nothing may fetch it ahead of the press. */
export const linkPath = (organization: string, returnTo = `/${organization}/issues`) =>
  `/oauth/jira/start?${new URLSearchParams({ organization, purpose: "link", return: returnTo })}`;
