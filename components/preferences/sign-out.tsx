"use client";

import type { ReactNode } from "react";
import { signOutHereAction } from "@/lib/notifications/devices/actions";
import { forgetSubscription } from "./push-subscription";

/** Signs out, and with scripts also gives the subscription back to the browser: whoever comes next asks for their own. */
export function SignOut({ children }: { children: ReactNode }) {
  return (
    <form action={signOutHereAction} onSubmit={() => void forget()}>
      {children}
    </form>
  );
}

async function forget(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  // Without it the server has ended the device all the same; the next page that opens tries again.
  await forgetSubscription().catch(() => undefined);
}
