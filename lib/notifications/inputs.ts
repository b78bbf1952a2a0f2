/** How deliveries travel, in the order in which they are shown. Usable in the browser. */
export const channelNames = ["realtime", "email", "push"] as const;
export type ChannelName = (typeof channelNames)[number];

/** What a member chooses: the inbox is kept and live at once, so it is one choice. */
export const preferenceChannels = ["inbox", "email", "push"] as const;
export type PreferenceChannel = (typeof preferenceChannels)[number];

export const categories = [
  "invitations",
  "mentions",
  "changes",
  "answers",
  "reminders",
  "issues",
  "announcements",
  "membership",
  "integrations",
  "security",
] as const;
export type Category = (typeof categories)[number];

/** Nobody can switch these off: they tell the reader that something about their own account or reachability has changed. */
export const criticalCategories: readonly Category[] = ["security"];

/** Addressed to the reader in person: the inbox has a tab for them. */
export const personalCategories: readonly Category[] = ["invitations", "mentions"];

/** Mail of these may be left by one click; invitations and security mail may not (RFC 8058 is for bulk mail). */
export const bulkCategories: readonly Category[] = ["mentions", "changes", "answers", "reminders", "issues", "announcements", "membership", "integrations"];

/** `on` is at once; only e-mail can be gathered. */
export const preferenceValues = ["off", "on", "daily", "weekly"] as const;
export type PreferenceValue = (typeof preferenceValues)[number];

export const valuesOf: Record<PreferenceChannel, readonly PreferenceValue[]> = {
  inbox: ["off", "on"],
  email: ["off", "on", "daily", "weekly"],
  push: ["off", "on"],
};

/** What applies where nobody chose anything. */
export const productDefaults: Record<Category, Record<PreferenceChannel, PreferenceValue>> = {
  invitations: { inbox: "on", email: "on", push: "on" },
  mentions: { inbox: "on", email: "on", push: "on" },
  changes: { inbox: "on", email: "on", push: "on" },
  answers: { inbox: "on", email: "on", push: "off" },
  reminders: { inbox: "on", email: "on", push: "on" },
  issues: { inbox: "on", email: "daily", push: "off" },
  announcements: { inbox: "on", email: "on", push: "on" },
  membership: { inbox: "on", email: "off", push: "off" },
  integrations: { inbox: "on", email: "on", push: "on" },
  security: { inbox: "on", email: "on", push: "on" },
};

/** A set of people, resolved by the database when it is fanned out; what is named adds up. */
export interface AudienceSpec {
  everyone?: boolean;
  roles?: ("owner" | "admin" | "member")[];
  workspaceIds?: string[];
  memberIds?: string[];
  /** These instead, when nobody of `memberIds` is a member any more. */
  otherwiseRoles?: ("owner" | "admin" | "member")[];
  /** People without an account, by address. */
  emails?: string[];
}
