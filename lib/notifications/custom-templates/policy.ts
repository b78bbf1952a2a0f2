import type { Member } from "@/lib/organizations/actor";

/** Who writes to a whole organization in its name: its owners and admins, and their API tokens. */
export const mayManageTemplates = ({ role }: Pick<Member, "role">) => role === "owner" || role === "admin";
