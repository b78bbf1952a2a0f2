/**
 * What forms offer, apart from what checks it: a browser needs the one and not the other, and zod would look there whether it may
 * compile code, which our Content-Security-Policy reports.
 */
/** Who is told: the owner, named people, everybody in a workspace, or a program over HTTP. */
export const targets = ["me", "people", "workspace", "endpoint"] as const;
export type Target = (typeof targets)[number];

export const subscriptionLimits = {
  name: 80,
  /** That a member keeps for themselves. */
  own: 50,
  /** That an organization keeps for people, workspaces and programs together. */
  shared: 200,
  members: 100,
  events: 80,
  /** The log that a dry run or a replay goes through. */
  days: 30,
} as const;

/** Choices of events that most people mean; `all` is every event of the place, `custom` what is ticked one by one. */
export const presets: Record<string, Partial<Record<Preset, readonly string[]>>> = {
  jira: {
    work: ["jira.issue.created", "jira.issue.updated", "jira.issue.deleted", "jira.comment.created"],
    created: ["jira.issue.created"],
    comments: ["jira.comment.created"],
    planning: ["jira.sprint.started", "jira.sprint.closed", "jira.version.released"],
  },
};
export const presetNames = ["work", "created", "comments", "planning", "all", "custom"] as const;
export type Preset = (typeof presetNames)[number];

/** Those that make sense for a plugin, the usual one first. */
export const presetsOf = (plugin: string | null): Preset[] => presetNames.filter((name) => name === "all" || name === "custom" || presets[plugin ?? ""]?.[name]);

/** Which of them a list of events is. */
export function presetOf(plugin: string | null, events: readonly string[]): Preset {
  if (events.length === 0) return "all";
  const same = (other: readonly string[] = []) => other.length === events.length && other.every((event) => events.includes(event));
  return presetNames.find((name) => same(presets[plugin ?? ""]?.[name])) ?? "custom";
}

/** The list fields of a filter, in the order of its form. */
export const filterLists = ["projects", "issueTypes", "statuses", "assignees", "labels"] as const;
export type FilterList = (typeof filterLists)[number];

export const replayDays = [1, 7, 30] as const;
