import { env } from "@/lib/platform/env";
import type { Plugin } from "../../plugin";
import { changesSince } from "./changes";
import { clipped } from "./json";
import { events } from "./names";
import { read } from "./read";
import { verify } from "./verify";

/** Jira Cloud. */
export const jira: Plugin = {
  name: "jira",
  events,
  verify: (request, trust) => verify(request, trust, env().JIRA_CLIENT_SECRET),
  /** The same over the retries of one webhook; two webhooks that tell of one change have two. */
  deliveryId({ headers }) {
    const id = headers["x-atlassian-webhook-identifier"]?.trim();
    return id ? clipped(id, 200) : null;
  },
  read,
  changesSince,
};
