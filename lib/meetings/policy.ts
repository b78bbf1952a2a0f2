/** Who may do what with a meeting. Pure; `attendees` are those not removed. */
interface Actor {
  id: string;
}
interface Parties {
  organizerId: string;
  attendees: { memberId: string | null }[];
}

export const maySee = (actor: Actor, meeting: Parties) =>
  meeting.organizerId === actor.id || meeting.attendees.some((attendee) => attendee.memberId === actor.id);

export const mayChange = (actor: Actor, meeting: { organizerId: string }) => meeting.organizerId === actor.id;
