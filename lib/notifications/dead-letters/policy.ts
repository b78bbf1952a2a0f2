import type { Member } from "@/lib/organizations/actor";

/** Dead letters name everybody whom something could not reach. */
export const mayHandleDeadLetters = ({ role }: Pick<Member, "role">) => role === "owner" || role === "admin";
