import type { Tenant } from "@/lib/platform/db/client";
import type { ConnectionMetadata } from "../../plugin";
import { JiraError, jiraClient } from "./client";

/** What is asked of Jira about each kind of thing: as little as shows that it is there for the asker. */
const questions: Record<string, (id: string, within: string) => string> = {
  issue: (id) => `/rest/api/3/issue/${encodeURIComponent(id)}`,
  comment: (issueId, id) => `/rest/api/3/issue/${encodeURIComponent(issueId)}/comment/${encodeURIComponent(id)}`,
  project: (id) => `/rest/api/3/project/${encodeURIComponent(id)}`,
};

/**
 * Whether the account of this grant sees a thing, as Jira itself answers; what it hides and what does not exist look the same there.
 * Null when the grant is broken or too narrow to say.
 * @throws JiraError rate-limited or unavailable: nobody knows for now.
 */
export async function isVisibleInJira(tenant: Tenant, { cloudId }: ConnectionMetadata, credentialId: string, entity: string): Promise<boolean | null> {
  const [kind = "", id = "", within = ""] = entity.split(/[:/]/);
  const path = questions[kind]?.(id, within);
  if (!cloudId || !path) return false;
  try {
    await jiraClient(tenant, { credentialId, cloudId }).get(path, { query: { fields: "summary" } });
    return true;
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    if (error.kind === "rate-limited" || error.kind === "unavailable") throw error;
    return error.kind === "scope" || error.kind === "broken" ? null : false;
  }
}
