import type { AudienceSpec } from "../inputs";
import type { CheckedPublish } from "./inputs";

/** The public words of an audience and the ones the database resolves. */
export const specOf = ({ everyone, roles, workspaces, members, emails }: CheckedPublish["audience"]): AudienceSpec => ({
  ...(everyone ? { everyone } : {}),
  ...(roles.length > 0 ? { roles: [...new Set(roles)] } : {}),
  ...(workspaces.length > 0 ? { workspaceIds: [...new Set(workspaces)] } : {}),
  ...(members.length > 0 ? { memberIds: [...new Set(members)] } : {}),
  ...(emails.length > 0 ? { emails: [...new Set(emails)] } : {}),
});

export const audienceOf = ({ everyone = false, roles = [], workspaceIds = [], memberIds = [], emails = [] }: AudienceSpec): CheckedPublish["audience"] => ({
  everyone,
  roles,
  workspaces: workspaceIds,
  members: memberIds,
  emails,
});

/** What is said to one workspace alone happened there: its members' choices for that place apply. */
export function placeOf(spec: AudienceSpec): string | null {
  const [only, ...more] = spec.workspaceIds ?? [];
  const alone = !spec.everyone && !spec.roles?.length && !spec.memberIds?.length && !spec.emails?.length && more.length === 0;
  return alone ? (only ?? null) : null;
}

export type PublicationState = "scheduled" | "sending" | "sent" | "cancelled";

/** Unsettled deliveries keep a publication under way; one whose fan-out has not begun has none yet. */
export function stateOf({ state, fannedOut, unsettled }: { state: PublicationState; fannedOut: boolean; unsettled: number }): PublicationState {
  return state === "sending" && fannedOut && unsettled === 0 ? "sent" : state;
}
