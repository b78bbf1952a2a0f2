import type { Channel } from "./channel";

export const push: Channel = {
  name: "push",
  providers: ["web-push"],
  providerOf: () => "web-push",
  messagesPerCall: 1,
  callsAtOnce: 8,
  perishable: true,
  keepsMessage: false,
  giveUpAfterMs: 60 * 60 * 1000,
  prepare: (_tenant, deliveries) => Promise.resolve(deliveries.map((delivery) => ({ delivery, skip: "no-device" }))),
  send: () => Promise.reject(new Error("no push was prepared")),
};
