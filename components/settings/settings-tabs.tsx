"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Tabs } from "@/components/ui/tabs";

const mine = ["profile", "notifications", "subscriptions", "sessions", "tokens"] as const;
const everybodys = ["members", "organization"] as const;
const managers = [...everybodys, "integrations", "webhooks", "templates", "announcements", "deliveries", "audit"] as const;

/** What is one's own, and what is the organization's: two rows, because one would not fit. */
export function SettingsTabs({ organization, manages }: { organization: string; manages: boolean }) {
  const path = usePathname();
  const bar = useRef<HTMLDivElement>(null);
  // On a phone the later tabs begin beyond the edge; where one is must be seen.
  // Newer browsers answer with a promise, which an effect must not give back.
  useEffect(() => void bar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [path]);
  const t = useTranslations("settings.tabs");
  const tabsOf = (names: readonly (typeof mine | typeof managers)[number][]) =>
    names.map((name) => {
      const href = `/${organization}/settings/${name}`;
      const within = (place: string) => path === place || path.startsWith(`${place}/`);
      // Workspaces are listed among what the organization is made of.
      return { href, label: t(name), current: within(href) || (name === "organization" && within(`/${organization}/settings/workspaces`)) };
    });
  return (
    <div ref={bar} className="mb-6">
      <Tabs label={t("mine")} tabs={tabsOf(mine)} stacked />
      <Tabs label={t("ours")} tabs={tabsOf(manages ? managers : everybodys)} stacked />
    </div>
  );
}
