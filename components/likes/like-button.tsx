import type { ComponentProps } from "react";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { LiveLike } from "./live-like";

/** The like of an article on its page, with how many there are and who they are; live. */
export function LikeButton(props: ComponentProps<typeof LiveLike>) {
  return (
    <ClientMessages namespaces={["comments"]}>
      <LiveLike {...props} />
    </ClientMessages>
  );
}
