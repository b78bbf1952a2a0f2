import type { Plugin } from "../../plugin";
import { read } from "./read";
import { verify } from "./verify";

/** Anything that can sign a JSON message after Standard Webhooks: the least that a plugin is. */
export const generic: Plugin = {
  name: "generic",
  events: ["generic.received", "generic.unknown"],
  verify,
  deliveryId: ({ headers }) => headers["webhook-id"]?.trim().slice(0, 200) || null,
  read,
};
