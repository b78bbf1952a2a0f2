import { z } from "zod";
import type { Tenant } from "@/lib/platform/db/client";
import { jiraClient, type JiraClient } from "./client";

/** What a site calls its things, as far as one account sees them. */
export interface JiraNames {
  projects: JiraProject[];
  issueTypes: string[];
  statuses: string[];
  labels: string[];
}

export interface JiraProject {
  id: string;
  key: string;
  name: string;
}

const project = z.object({ id: z.string(), key: z.string(), name: z.string() });
const projectPage = z.object({ isLast: z.boolean().optional(), values: z.array(project) });
const named = z.array(z.object({ name: z.string() }));
const labelPage = z.object({ values: z.array(z.string()) });

const pageSize = 100;
/** More than anybody scrolls through; what is not among them can still be typed. */
const projectsMax = 500;

/** @throws JiraError */
export async function jiraNames(tenant: Tenant, place: { credentialId: string; cloudId: string }): Promise<JiraNames> {
  const jira = jiraClient(tenant, place);
  const [projects, issueTypes, statuses, labels] = await Promise.all([
    allProjects(jira),
    jira.get("/rest/api/3/issuetype", { schema: named }),
    jira.get("/rest/api/3/status", { schema: named }),
    jira.get("/rest/api/3/label", { query: { maxResults: 500 }, schema: labelPage }),
  ]);
  return { projects, issueTypes: distinct(issueTypes), statuses: distinct(statuses), labels: labels.values };
}

/** By key. @throws JiraError */
export const jiraProjects = (tenant: Tenant, place: { credentialId: string; cloudId: string }): Promise<JiraProject[]> => allProjects(jiraClient(tenant, place));

async function allProjects(jira: JiraClient): Promise<JiraProject[]> {
  const projects: JiraProject[] = [];
  for (let startAt = 0; startAt < projectsMax; startAt += pageSize) {
    const page = await jira.get("/rest/api/3/project/search", { query: { startAt, maxResults: pageSize, orderBy: "key" }, schema: projectPage });
    projects.push(...page.values);
    if (page.isLast !== false || page.values.length === 0) break;
  }
  return projects;
}

/** Projects managed by their teams each have their own "To Do". */
const distinct = (things: { name: string }[]) => [...new Set(things.map(({ name }) => name))].sort((a, b) => a.localeCompare(b));
