/** The ways to reach people, in the order in which they are shown. Usable in the browser. */
export const channelNames = ["realtime", "email"] as const;
export type ChannelName = (typeof channelNames)[number];
