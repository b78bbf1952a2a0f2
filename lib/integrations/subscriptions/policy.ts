import type { Member } from "@/lib/organizations/actor";
import { mayManageIntegrations } from "../policy";
import type { Target } from "./choices/inputs";

type Who = Pick<Member, "id" | "role">;
interface What {
  target: Target;
  ownerId: string;
  memberIds: string[];
}

/** Anybody may ask to be told themselves; telling others, and programs, is for whoever looks after the organization. */
export const maySubscribe = (member: Who, target: Target) => target === "me" || mayManageIntegrations(member);

/** One's own wishes, and for managers everybody's: they see the whole log anyway. */
export const mayChangeSubscription = (member: Who, { target, ownerId }: What) => mayManageIntegrations(member) || (target === "me" && ownerId === member.id);

/** Whom it tells may know of it, so that they know why they hear of something. */
export const maySeeSubscription = (member: Who, what: What, workspaceIsMine: boolean) =>
  mayChangeSubscription(member, what) || (what.target === "people" && what.memberIds.includes(member.id)) || (what.target === "workspace" && workspaceIsMine);
