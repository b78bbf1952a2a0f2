/** Wall-clock times `HH:MM`; `end` at or before `start` is on the next day. Equal ends are refused by the input. */
export interface QuietWindow {
  start: string;
  end: string;
}

/** By ISO weekday ("1" is Monday) on which a window starts; a missing day has none. */
export type QuietHours = Partial<Record<"1" | "2" | "3" | "4" | "5" | "6" | "7", QuietWindow>>;
