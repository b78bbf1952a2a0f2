import type { Role } from "./inputs";

const rank: Record<Role, number> = { owner: 3, admin: 2, member: 1 };

interface Standing {
  id: string;
  role: Role;
}

/** Who may do what inside an organization. Pure: everything it needs is in its arguments. */
export const mayManageMembers = (actor: { role: Role }) => rank[actor.role] >= rank.admin;

export const mayManageOrganization = mayManageMembers;

/** Nobody hands out a role above their own, and only an owner makes owners. */
export const mayGrantRole = (actor: { role: Role }, role: Role) => mayManageMembers(actor) && rank[role] <= rank[actor.role];

/** Nobody changes or removes somebody who stands above them. */
export const mayManageMember = (actor: Standing, target: Standing) =>
  mayManageMembers(actor) && rank[target.role] <= rank[actor.role];

export const mayChangeRole = (actor: Standing, target: Standing, role: Role) =>
  mayManageMember(actor, target) && mayGrantRole(actor, role);

/** Everybody may leave. */
export const mayRemoveMember = (actor: Standing, target: Standing) => actor.id === target.id || mayManageMember(actor, target);

/** The roles that `actor` may give to `target`, for the choice that a page offers. */
export const grantableRoles = (actor: Standing, target: Standing, all: readonly Role[]) =>
  all.filter((role) => mayChangeRole(actor, target, role));
