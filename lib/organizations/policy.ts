import type { Role } from "./inputs";

const rank: Record<Role, number> = { owner: 3, admin: 2, member: 1 };

/** Who may do what inside an organization. Pure: everything it needs is in its arguments. */
export const mayManageMembers = (actor: { role: Role }) => rank[actor.role] >= rank.admin;

/** Nobody hands out a role above their own, and only an owner makes owners. */
export const mayGrantRole = (actor: { role: Role }, role: Role) => mayManageMembers(actor) && rank[role] <= rank[actor.role];

/** Nobody changes or removes somebody who stands above them. */
export const mayManageMember = (actor: { role: Role; id: string }, target: { role: Role; id: string }) =>
  mayManageMembers(actor) && rank[target.role] <= rank[actor.role];

export const mayManageOrganization = mayManageMembers;
