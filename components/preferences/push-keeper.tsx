"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import {
  PushRefused,
  bringHere,
  currentSubscription,
  forgetSubscription,
  isOfKey,
  pushKept,
  readMark,
  registerSubscription,
  subscribe,
  writeMark,
} from "./push-subscription";
import { pushSupport, traitsOfThisBrowser } from "./push-support";
import { upkeep } from "./push-upkeep";

interface Props {
  organization: string;
  personId: string;
  today: string;
  /** Null where push is not offered. */
  publicKey: string | null;
}

/**
 * Looks after this browser's push when a page opens: the device follows the organization that is open, and a subscription that was lost
 * or renewed is put right, without a word. Browsers that never turned push on are left alone.
 */
export function PushKeeper({ organization, personId, today, publicKey }: Props) {
  const router = useRouter();
  useEffect(() => {
    if (!publicKey || pushSupport(traitsOfThisBrowser()) !== "supported" || Notification.permission !== "granted") return;
    // One tab at a time: each would find the same thing wrong and put it right.
    navigator.locks
      .request("moim-push", () => keepUp({ organization, personId, today, publicKey }))
      .then((changed) => {
        window.dispatchEvent(new Event(pushKept));
        if (changed) router.refresh();
      })
      // The connection is away, or the push service: the next page tries again.
      .catch(() => undefined);
  }, [organization, personId, today, publicKey, router]);
  return null;
}

/** @returns whether the server knows something new of this device. */
async function keepUp({ organization, personId, today, publicKey }: Props & { publicKey: string }): Promise<boolean> {
  const mark = readMark();
  const held = await currentSubscription();
  const subscription = held && { endpoint: held.endpoint, ofTodaysKey: isOfKey(held, publicKey) };
  const remember = ({ endpoint }: PushSubscription) => writeMark({ endpoint, organization, personId, checkedOn: today });
  switch (upkeep(mark, { organization, personId, today, subscription })) {
    case "nothing":
      return false;
    case "forget":
      await forgetSubscription();
      return false;
    case "renew":
    case "replace": {
      const fresh = await subscribe(publicKey);
      await registerSubscription(organization, fresh, mark?.endpoint);
      remember(fresh);
      return true;
    }
    case "follow": {
      if (!held) return false;
      try {
        await bringHere(organization, held);
        remember(held);
        return mark?.organization !== organization;
      } catch (error) {
        // Removed from another browser, or somebody else's: it must not come back by itself.
        if (error instanceof PushRefused && error.status === 404) await forgetSubscription();
        else throw error;
        return false;
      }
    }
  }
}
