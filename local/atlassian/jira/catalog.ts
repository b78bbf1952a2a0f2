/** What every site here has: its types, workflow, priorities and kinds of links. Ids are those a new Jira site has. */

export interface IssueType {
  id: string;
  name: string;
  description: string;
  subtask: boolean;
  hierarchyLevel: number;
}

export const issueTypes: readonly IssueType[] = [
  { id: "10000", name: "Epic", description: "A big piece of work that holds others.", subtask: false, hierarchyLevel: 1 },
  { id: "10001", name: "Story", description: "Something a person wants to do.", subtask: false, hierarchyLevel: 0 },
  { id: "10002", name: "Task", description: "A small, distinct piece of work.", subtask: false, hierarchyLevel: 0 },
  { id: "10003", name: "Bug", description: "A problem or error.", subtask: false, hierarchyLevel: 0 },
  { id: "10004", name: "Sub-task", description: "A part of a larger piece of work.", subtask: true, hierarchyLevel: -1 },
];

export const statusCategories = {
  new: { id: 2, key: "new", colorName: "blue-gray", name: "To Do" },
  indeterminate: { id: 4, key: "indeterminate", colorName: "yellow", name: "In Progress" },
  done: { id: 3, key: "done", colorName: "green", name: "Done" },
} as const;

export interface Status {
  id: string;
  name: string;
  description: string;
  category: keyof typeof statusCategories;
}

export const statuses: readonly Status[] = [
  { id: "10000", name: "To Do", description: "", category: "new" },
  { id: "3", name: "In Progress", description: "This work item is being actively worked on at the moment by the assignee.", category: "indeterminate" },
  { id: "10001", name: "In Review", description: "", category: "indeterminate" },
  { id: "10002", name: "Done", description: "", category: "done" },
];

export interface Transition {
  id: string;
  name: string;
  from: readonly string[];
  to: string;
}

export const transitions: readonly Transition[] = [
  { id: "11", name: "Start progress", from: ["10000"], to: "3" },
  { id: "21", name: "Stop progress", from: ["3"], to: "10000" },
  { id: "31", name: "Ask for review", from: ["3"], to: "10001" },
  { id: "41", name: "Back to work", from: ["10001"], to: "3" },
  { id: "51", name: "Done", from: ["10000", "3", "10001"], to: "10002" },
  { id: "61", name: "Reopen", from: ["10002"], to: "10000" },
];

export interface Named {
  id: string;
  name: string;
}

export const priorities: readonly (Named & { color: string; description: string })[] = [
  { id: "1", name: "Highest", color: "#d04437", description: "This problem will block progress." },
  { id: "2", name: "High", color: "#f15C75", description: "Serious problem that could block progress." },
  { id: "3", name: "Medium", color: "#f79232", description: "Has the potential to affect progress." },
  { id: "4", name: "Low", color: "#707070", description: "Minor problem or easily worked around." },
  { id: "5", name: "Lowest", color: "#999999", description: "Trivial problem with little or no impact on progress." },
];

export const resolutionDone = { id: "10000", name: "Done", description: "Work has been completed on this issue." };

export const linkTypes: readonly (Named & { inward: string; outward: string })[] = [
  { id: "10000", name: "Blocks", inward: "is blocked by", outward: "blocks" },
  { id: "10001", name: "Cloners", inward: "is cloned by", outward: "clones" },
  { id: "10002", name: "Duplicate", inward: "is duplicated by", outward: "duplicates" },
  { id: "10003", name: "Relates", inward: "relates to", outward: "relates to" },
];

/** The one that has this id or, whatever the case, this name. */
export function named<T extends Named>(list: readonly T[], idOrName: string): T | null {
  const name = idOrName.toLowerCase();
  return list.find((one) => one.id === idOrName) ?? list.find((one) => one.name.toLowerCase() === name) ?? null;
}

/** For ids that this engine wrote itself. */
export function known<T extends Named>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  if (!found) throw new Error(`the catalog has no ${id}`);
  return found;
}
