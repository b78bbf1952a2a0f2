import { pluginNews } from "./plugin-news";

export const issueDeleted = pluginNews("jira.issue.deleted");
