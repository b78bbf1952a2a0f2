import { clsx } from "clsx";
import type { CalendarMeeting } from "@/lib/meetings/queries";

type Facts = Pick<CalendarMeeting, "status" | "partstat">;

/** How a meeting looks in a calendar: what stands, what is open, what is off. Never by colour alone. */
export function entryLook({ status, partstat }: Facts): string {
  if (status === "cancelled") return "border-line bg-sunken text-ink-muted line-through";
  switch (partstat) {
    case "accepted":
      return "border-accent-line bg-accent-soft text-ink";
    case "tentative":
      return "hatched border-accent-line text-ink";
    case "needs-action":
      return "border-dashed border-line-strong bg-surface text-ink";
    case "declined":
      return "border-line bg-transparent text-ink-muted";
  }
}

export function dotLook({ status, partstat }: Facts): string {
  const off = status === "cancelled" || partstat === "declined";
  return clsx("size-1.5 rounded-full border", off ? "border-line-strong" : partstat === "accepted" ? "border-accent bg-accent" : "border-accent");
}

/** The key of the word that says the same to who cannot see the look; null when it simply stands. */
export function entryNote({ status, partstat }: Facts): "cancelled" | "tentative" | "needs-action" | "declined" | null {
  if (status === "cancelled") return "cancelled";
  return partstat === "accepted" ? null : partstat;
}
