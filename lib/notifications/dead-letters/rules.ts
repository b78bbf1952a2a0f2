import type { NotificationType } from "../catalog";

/** Mails of these say all that their reader must know now, so that a newer one leaves nothing for an older to say. */
export const sayingTheWholeState: readonly NotificationType[] = ["meeting.invited", "meeting.updated", "meeting.removed", "meeting.cancelled", "member.invited"];
