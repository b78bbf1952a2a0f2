import type { Member } from "@/lib/organizations/actor";

/** Who may connect places, see what comes in and send it to programs: whoever looks after the organization. */
export const mayManageIntegrations = ({ role }: Pick<Member, "role">) => role === "owner" || role === "admin";
