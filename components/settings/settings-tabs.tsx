"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Tabs } from "@/components/ui/tabs";

const everybodys = ["profile", "notifications", "subscriptions", "sessions", "tokens", "members", "organization"] as const;

export function SettingsTabs({ organization, manages }: { organization: string; manages: boolean }) {
  const path = usePathname();
  const bar = useRef<HTMLDivElement>(null);
  // On a phone the later tabs begin beyond the edge; where one is must be seen.
  // Newer browsers answer with a promise, which an effect must not give back.
  useEffect(() => void bar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [path]);
  const t = useTranslations("settings.tabs");
  const names = manages ? ([...everybodys, "integrations", "webhooks", "templates", "announcements", "deliveries", "audit"] as const) : everybodys;
  const tabs = names.map((name) => {
    const href = `/${organization}/settings/${name}`;
    return { href, label: t(name), current: path === href || path.startsWith(`${href}/`) };
  });
  return (
    <div ref={bar}>
      <Tabs label={t("label")} tabs={tabs} />
    </div>
  );
}
