import { pluginNews } from "./plugin-news";

export const pluginEvent = pluginNews("plugin.event");
