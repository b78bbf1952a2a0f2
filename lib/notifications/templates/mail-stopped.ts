import type { Template } from "./template";

/** No mail: it would go to the address that takes none. */
export const mailStopped: Template<never> = {
  mail: null,
  push: ({ address, reason }, { push }) => ({
    title: push("mail.stopped.title"),
    body: push("mail.stopped.body", { address: address ?? "", reason: reason ?? "other" }),
    discreet: push("mail.stopped.discreet"),
  }),
};
