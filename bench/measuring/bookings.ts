import { emailOf } from "@/e2e/world";

const dayMs = 86_400_000;

/** A booking as a client would send it: two colleagues and a guest, next month, reminder as usual. */
export function bookingBody(own: Record<string, unknown> = {}): string {
  const startsAt = Date.now() + 30 * dayMs;
  return JSON.stringify({
    title: "Design review",
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + 3_600_000).toISOString(),
    timeZone: "Asia/Seoul",
    location: "Room Namdaemun",
    joinUrl: "https://meet.example/review",
    description: "Bring one screen you are proud of and one you are not.",
    attendees: [{ email: emailOf("minjun") }, { email: emailOf("camille") }, { email: "guest@elsewhere.example", name: "Sam Oh" }],
    ...own,
  });
}

export const jsonWith = (apiToken: string) => ({ "content-type": "application/json", authorization: `Bearer ${apiToken}` });
