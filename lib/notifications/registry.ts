import { catalogEvents } from "./catalog";
import type { Channel } from "./channels/channel";
import { email } from "./channels/email";
import { push } from "./channels/push";
import { realtime } from "./channels/realtime";
import { channelNames, type ChannelName } from "./inputs";

export { channelNames };

/** Every way to reach people; a new one is one file in `channels/` and its name here and in `inputs.ts`. */
export const channels: Record<ChannelName, Channel> = { realtime, email, push };

/** The events that cause notifications. */
export const heardEvents = catalogEvents;
