import { pluginNews } from "./plugin-news";

export const issueCreated = pluginNews("jira.issue.created");
