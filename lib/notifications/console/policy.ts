import type { Member } from "@/lib/organizations/actor";

/** How everybody's mails, pushes and badges fare is the business of those who run the organization. */
export const mayWatchDeliveries = ({ role }: Pick<Member, "role">) => role === "owner" || role === "admin";
