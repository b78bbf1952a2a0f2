import type { Member } from "@/lib/organizations/actor";

/** What holds for everybody who has chosen nothing is the business of those who run the organization. */
export const maySetOrganizationDefaults = ({ role }: Pick<Member, "role">) => role === "owner" || role === "admin";
