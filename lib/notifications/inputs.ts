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
  "news",
  "comments",
  "likes",
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
export const bulkCategories: readonly Category[] = [
  "mentions",
  "changes",
  "answers",
  "reminders",
  "news",
  "comments",
  "likes",
  "issues",
  "announcements",
  "membership",
  "integrations",
];

/** `on` is at once; only e-mail can be gathered. */
export const preferenceValues = ["off", "on", "daily", "weekly"] as const;
export type PreferenceValue = (typeof preferenceValues)[number];

export const valuesOf: Record<PreferenceChannel, readonly PreferenceValue[]> = {
  inbox: ["off", "on"],
  email: ["off", "on", "daily", "weekly"],
  push: ["off", "on"],
};

/** A like is nobody's mail and wakes nobody. */
const inboxOnly: readonly Category[] = ["likes"];

/** What may be chosen for a category on a channel; "off" alone where nothing of it ever comes that way. */
export const offeredValues = (category: Category, channel: PreferenceChannel): readonly PreferenceValue[] =>
  channel !== "inbox" && inboxOnly.includes(category) ? ["off"] : valuesOf[channel];

/** What applies where nobody chose anything. */
export const productDefaults: Record<Category, Record<PreferenceChannel, PreferenceValue>> = {
  invitations: { inbox: "on", email: "on", push: "on" },
  mentions: { inbox: "on", email: "on", push: "on" },
  changes: { inbox: "on", email: "on", push: "on" },
  answers: { inbox: "on", email: "on", push: "off" },
  reminders: { inbox: "on", email: "on", push: "on" },
  news: { inbox: "on", email: "daily", push: "on" },
  comments: { inbox: "on", email: "on", push: "on" },
  likes: { inbox: "on", email: "off", push: "off" },
  issues: { inbox: "on", email: "daily", push: "off" },
  announcements: { inbox: "on", email: "on", push: "on" },
  membership: { inbox: "on", email: "off", push: "off" },
  integrations: { inbox: "on", email: "on", push: "on" },
  security: { inbox: "on", email: "on", push: "on" },
};

/** A set of people, resolved by the database when it is fanned out; what is named adds up, and is then narrowed. Only the catalog narrows. */
export interface AudienceSpec {
  everyone?: boolean;
  roles?: ("owner" | "admin" | "member")[];
  workspaceIds?: string[];
  memberIds?: string[];
  /** These instead, when nobody of `memberIds` is a member any more. */
  otherwiseRoles?: ("owner" | "admin" | "member")[];
  /** People without an account, by address. */
  emails?: string[];
  /** Adds who follows any of these topics. */
  followersOf?: string[];
  /** Of all these, only who is in one of these workspaces when they are told; an empty list is nobody. */
  within?: string[];
  exceptMemberIds?: string[];
  /** Without who muted any of these topics. */
  withoutMutersOf?: string[];
}
