import { isRecord } from "../http";
import { personOf, userOf } from "../jira/represent";
import type { Account } from "../world/entities";
import { assignable, findIssue, isAdmin, issueOfCall, listOf, objectOf, paged, projectOfCall, refuse, visibleProjects, type Call } from "./call";

export const getMyself = (call: Call): unknown => ({
  ...userOf(call.voice, call.account),
  locale: call.account.locale,
  groups: { size: 1, items: [] },
  applicationRoles: { size: 1, items: [] },
  expand: "groups,applicationRoles",
});

const users = ({ engine, site }: Call): Account[] => engine.store.all("accounts").filter(({ id }) => site.members.includes(id));

export function getUser(call: Call): unknown {
  const id = call.query.get("accountId");
  if (id === null) throw refuse(400, ["The query parameter 'accountId' is required."]);
  if (!users(call).some((one) => one.id === id)) throw refuse(404, ["Specified user does not exist or you do not have required permissions"]);
  return personOf(call.voice, id);
}

const named = (query: string) => (account: Account): boolean => [account.name, ...(account.emailVisible ? [account.email] : [])].some((text) => text.toLowerCase().includes(query.toLowerCase()));

export function searchUsers(call: Call): unknown {
  const [query, id] = [call.query.get("query"), call.query.get("accountId")];
  if (query === null && id === null) throw refuse(400, ["The query parameter 'query' or 'accountId' is required."]);
  return paged(call, users(call).filter((account) => (id === null ? named(query ?? "")(account) : account.id === id)), { most: 1_000 }).values.map((account) => userOf(call.voice, account));
}

export function assignableUsers(call: Call): unknown {
  const [issueKey, project] = [call.query.get("issueKey"), call.query.get("project")];
  if (issueKey === null && project === null) throw refuse(400, ["The query parameter 'project', 'issueKey' or 'issueId' is required."]);
  const of = project === null ? projectOfCall(call, issueOfCall(call, issueKey ?? "").projectId) : projectOfCall(call, project);
  return paged(call, assignable(call, of).filter(named(call.query.get("query") ?? "")), { most: 1_000 }).values.map((account) => userOf(call.voice, account));
}

const projectPermissions: Record<string, string> = {
  BROWSE_PROJECTS: "Browse Projects",
  CREATE_ISSUES: "Create Issues",
  EDIT_ISSUES: "Edit Issues",
  TRANSITION_ISSUES: "Transition Issues",
  ASSIGN_ISSUES: "Assign Issues",
  ASSIGNABLE_USER: "Assignable User",
  ADD_COMMENTS: "Add Comments",
  DELETE_ISSUES: "Delete Issues",
  LINK_ISSUES: "Link Issues",
  MOVE_ISSUES: "Move Issues",
  WORK_ON_ISSUES: "Work On Issues",
  EDIT_ALL_COMMENTS: "Edit All Comments",
  ADMINISTER_PROJECTS: "Administer Projects",
};
const globalPermissions: Record<string, string> = { ADMINISTER: "Administer Jira", USER_PICKER: "Browse users and groups", BULK_CHANGE: "Make bulk changes" };
const forAdmins = new Set(["ADMINISTER", "ADMINISTER_PROJECTS", "EDIT_ALL_COMMENTS"]);

/** Whoever may see a project may work in it; administering is for admins. */
export function myPermissions(call: Call): unknown {
  const asked = listOf(call, "permissions");
  if (asked.length === 0) throw refuse(400, ["The 'permissions' query parameter is required."]);
  const unknown = asked.filter((key) => !(key in projectPermissions) && !(key in globalPermissions));
  if (unknown.length > 0) throw refuse(400, [`Unrecognized permission${unknown.length > 1 ? "s" : ""}: ${unknown.join(", ")}`]);
  const [projectKey, issueKey] = [call.query.get("projectKey") ?? call.query.get("projectId"), call.query.get("issueKey") ?? call.query.get("issueId")];
  if (projectKey !== null) projectOfCall(call, projectKey);
  if (issueKey !== null) issueOfCall(call, issueKey);
  const anyProject = visibleProjects(call).length > 0;
  return {
    permissions: Object.fromEntries(asked.map((key, index) => {
      const name = projectPermissions[key] ?? globalPermissions[key] ?? key;
      const havePermission = forAdmins.has(key) ? isAdmin(call) : key in globalPermissions || anyProject;
      return [key, { id: String(index + 10), key, name, type: key in globalPermissions ? "GLOBAL" : "PROJECT", description: name, havePermission }];
    })),
  };
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What one account may do with these issues and projects; for accounts other than one's own only an admin may ask. */
export function checkPermissions(call: Call): unknown {
  const body = objectOf(call);
  const accountId = typeof body.accountId === "string" ? body.accountId : call.account.id;
  if (accountId !== call.account.id && !isAdmin(call)) throw refuse(403, ["Only Jira administrators can check permissions of other users."]);
  const account = users(call).find(({ id }) => id === accountId);
  const theirs = account && { ...call, account };
  const asked = Array.isArray(body.projectPermissions) ? body.projectPermissions.filter(isRecord) : [];
  return {
    globalPermissions: strings(body.globalPermissions).filter((key) => key in globalPermissions && theirs && (!forAdmins.has(key) || isAdmin(theirs))),
    projectPermissions: asked.flatMap(({ permissions, issues, projects }) =>
      strings(permissions).filter((key) => key in projectPermissions).map((permission) => {
        const may = theirs && (!forAdmins.has(permission) || isAdmin(theirs));
        return {
          permission,
          issues: strings(issues).filter((id) => may && findIssue(theirs, id)).map(Number),
          projects: strings(projects).filter((id) => may && visibleProjects(theirs).some((project) => project.id === id)).map(Number),
        };
      })),
  };
}
