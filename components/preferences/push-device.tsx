"use client";

import { BellRing, Share, Smartphone } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { revokeDeviceAction, testPushAction } from "@/lib/notifications/devices/actions";
import { idleForm } from "@/lib/platform/form-state";
import { PushRefused, currentSubscription, forgetSubscription, pushKept, registerSubscription, subscribe, writeMark } from "./push-subscription";
import { pushSupport, traitsOfThisBrowser, type PushSupport } from "./push-support";

interface Props {
  organization: string;
  personId: string;
  today: string;
  publicKey: string;
  /** The active device that the asking browser is, as the server knows it. */
  deviceId: string | null;
}

type Found = Exclude<PushSupport, "supported"> | "denied" | "off" | "on";

/** Turns push on and off in the browser that is looked at, and says in each case what to do. Asks only after a click. */
export function PushDevice({ organization, personId, today, publicKey, deviceId }: Props) {
  const t = useTranslations("preferences.push");
  const refusals = useTranslations("refusals");
  const router = useRouter();
  const [found, setFound] = useState<Found | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  // Removed in the list below: the browser lets go of it, too.
  const known = useRef(deviceId);
  useEffect(() => {
    if (known.current && !deviceId) forgetSubscription().catch(() => undefined);
    known.current = deviceId;
  }, [deviceId]);

  useEffect(() => {
    let current = true;
    const find = () => void look(deviceId).then((state) => current && setFound(state));
    find();
    window.addEventListener(pushKept, find);
    return () => {
      current = false;
      window.removeEventListener(pushKept, find);
    };
  }, [deviceId]);

  const reasonOf = (error: unknown) => {
    if (!(error instanceof PushRefused)) return t("unreachable");
    return refusals.has(error.code as "UNEXPECTED") ? refusals(error.code as "UNEXPECTED") : refusals("UNEXPECTED");
  };

  const turnOn = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const permission = await Notification.requestPermission();
      if (permission === "denied") setFound("denied");
      if (permission === "default") setTrouble(t("dismissed"));
      if (permission !== "granted") return;
      const subscription = await subscribe(publicKey);
      await registerSubscription(organization, subscription);
      writeMark({ endpoint: subscription.endpoint, organization, personId, checkedOn: today });
      setFound("on");
      router.refresh();
    } catch (error) {
      setTrouble(t("failed", { reason: reasonOf(error) }));
    } finally {
      setBusy(false);
    }
  };

  const turnOff = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await forgetSubscription();
      if (deviceId) {
        const form = new FormData();
        form.set("deviceId", deviceId);
        await revokeDeviceAction(organization, idleForm, form);
      }
      setFound("off");
      router.refresh();
    } catch {
      setTrouble(t("failed", { reason: t("unreachable") }));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div>
      <noscript>
        <p className="text-sm text-ink-muted">{t("scripts")}</p>
      </noscript>
      <div className="no-js:hidden">
        <PushState found={found}>
          {found === "off" && (
            <Button variant="primary" aria-disabled={busy || undefined} onClick={() => !busy && void turnOn()}>
              <BellRing aria-hidden className="size-4" />
              {t(busy ? "turningOn" : "turnOn")}
            </Button>
          )}
          {found === "on" && (
            <div className="flex flex-wrap items-center gap-2">
              {deviceId && <TestPush organization={organization} deviceId={deviceId} />}
              <Button size="sm" variant="ghost" aria-disabled={busy || undefined} onClick={() => !busy && void turnOff()}>
                {t("turnOff")}
              </Button>
            </div>
          )}
        </PushState>
        <p role="status" className={trouble ? "mt-3 text-sm text-caution" : "sr-only"}>
          {trouble}
        </p>
      </div>
    </div>
  );
}

/** Registered here and known there: only both together show anything. */
async function look(deviceId: string | null): Promise<Found> {
  const support = pushSupport(traitsOfThisBrowser());
  if (support !== "supported") return support;
  if (Notification.permission === "denied") return "denied";
  const subscription = Notification.permission === "granted" ? await currentSubscription().catch(() => null) : null;
  return subscription && deviceId ? "on" : "off";
}

function PushState({ found, children }: { found: Found | null; children: ReactNode }) {
  const t = useTranslations("preferences.push");
  switch (found) {
    case null:
      return <p className="text-sm text-ink-muted">{t("checking")}</p>;
    case "insecure":
    case "unsupported":
      return (
        <Notice title={t("unsupportedTitle")}>
          <p>{t(found)}</p>
        </Notice>
      );
    case "home-screen":
      return (
        <Notice title={t("homeTitle")}>
          <p>{t("homeText")}</p>
          <ol className="mt-2 flex list-decimal flex-col gap-1 pl-5">
            <li>
              {t("homeStep1")} <Share aria-hidden className="inline size-4 align-text-bottom" />
            </li>
            <li>{t("homeStep2")}</li>
            <li>{t("homeStep3")}</li>
          </ol>
        </Notice>
      );
    case "denied":
      return (
        <Notice tone="caution" title={t("deniedTitle")}>
          <p>{t("denied")}</p>
        </Notice>
      );
    case "off":
      return (
        <div className="flex flex-col items-start gap-3">
          <p className="text-sm text-pretty text-ink-muted">{t("offText")}</p>
          {children}
        </div>
      );
    case "on":
      return (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="flex items-center gap-2 text-sm font-medium text-positive">
            <Smartphone aria-hidden className="size-4" />
            {t("on")}
          </p>
          {children}
        </div>
      );
  }
}

function TestPush({ organization, deviceId }: { organization: string; deviceId: string }) {
  const t = useTranslations("preferences.push");
  const refusals = useTranslations("refusals");
  const [state, submit, pending] = useActionState(testPushAction.bind(null, organization), idleForm);
  const words = () => {
    if (pending || state.status === "idle") return null;
    if (state.status === "refused") return refusals(state.refusal ?? "UNEXPECTED");
    if (state.result?.outcome === "sent") return t("testSent");
    return state.result?.outcome === "gone" ? t("testGone") : t("testFailed");
  };
  return (
    <form
      action={submit}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        if (!pending) startTransition(() => submit(form));
      }}
      className="flex flex-wrap items-center gap-2"
    >
      <input type="hidden" name="deviceId" value={deviceId} />
      <span role="status" className="text-sm text-ink-muted">
        {words()}
      </span>
      <Button type="submit" size="sm" aria-disabled={pending || undefined}>
        {t("test")}
      </Button>
    </form>
  );
}
