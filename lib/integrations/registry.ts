import type { Plugin } from "./plugin";
import { generic } from "./plugins/generic/plugin";
import { jira } from "./plugins/jira/plugin";

/** Every plugin there is. */
const plugins: readonly Plugin[] = [jira, generic];

/** The plugin of this name; undefined for what an address may say and nobody is. */
export const pluginOf = (name: string): Plugin | undefined => plugins.find((plugin) => plugin.name === name);
