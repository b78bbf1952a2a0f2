import { jiraGrants } from "../plugins/jira/oauth";
import type { GrantProvider } from "./provider";

const providers: readonly GrantProvider[] = [jiraGrants];

/** How consent is asked for at a plugin's place; null for a plugin that needs none. */
export const grantProvider = (plugin: string): GrantProvider | null => providers.find((provider) => provider.plugin === plugin) ?? null;

/** @throws Error for a plugin that needs no consent: what holds its credential is a defect. */
export function providerOf(plugin: string): GrantProvider {
  const provider = grantProvider(plugin);
  if (!provider) throw new Error(`${plugin} asks nobody for consent`);
  return provider;
}
