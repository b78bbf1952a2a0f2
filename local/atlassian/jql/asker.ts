import type { Store } from "../store";
import type { Account, Project } from "../world/entities";

/** Whose query it is, where and when: functions and dates mean something only for somebody. */
export interface Asker {
  store: Store;
  siteId: string;
  account: Account;
  now: number;
}

/** Browsing rights are part of it: a project that one may not see does not exist. */
export const maySee = (project: Project, accountId: string): boolean => project.viewers === null || project.viewers.includes(accountId);
