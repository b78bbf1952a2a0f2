import { pluginNews } from "./plugin-news";

export const issueUpdated = pluginNews("jira.issue.updated");
