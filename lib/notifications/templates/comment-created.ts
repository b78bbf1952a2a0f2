import { pluginNews } from "./plugin-news";

export const commentCreated = pluginNews("jira.comment.created");
