"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Fragment, useEffect, useRef, useState } from "react";
import { searchFieldId } from "@/components/search/search-field-id";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { belongsElsewhere, useLetterShortcuts } from "@/components/ui/letter-shortcuts";

const chordMs = 1_200;

export function Shortcuts({ organization }: { organization: string }) {
  const router = useRouter();
  const t = useTranslations("shell");
  const [helping, setHelping] = useState(false);
  const [on, setOn] = useLetterShortcuts();
  const chordAt = useRef(-Infinity);

  useEffect(() => {
    const destinations: Record<string, string> = {
      d: `/${organization}`,
      c: `/${organization}/meetings`,
      i: `/${organization}/inbox`,
      s: `/${organization}/settings`,
    };
    const onKey = (event: KeyboardEvent) => {
      if (belongsElsewhere(event)) return;
      if (event.key === "?") {
        event.preventDefault();
        setHelping(true);
        return;
      }
      if (!on) return;
      const chord = event.timeStamp - chordAt.current < chordMs;
      chordAt.current = -Infinity;
      if (chord) {
        const destination = destinations[event.key];
        if (destination) {
          event.preventDefault();
          router.push(destination);
        }
      } else if (event.key === "g") {
        chordAt.current = event.timeStamp;
      } else if (event.key === "c") {
        event.preventDefault();
        router.push(`/${organization}/meetings/new`);
      } else if (event.key === "/") {
        event.preventDefault();
        const field = document.getElementById(searchFieldId);
        if (field) field.focus();
        else router.push(`/${organization}/search`);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [on, organization, router]);

  const groups: { title: string; rows: [string[], string][] }[] = [
    {
      title: t("shortcutsGo"),
      rows: [
        [["c"], t("book")],
        [["g", "d"], t("dashboard")],
        [["g", "c"], t("calendar")],
        [["g", "i"], t("inbox")],
        [["g", "s"], t("settings")],
        [["/"], t("search")],
        [["?"], t("shortcutHelp")],
      ],
    },
    {
      title: t("shortcutsCalendar"),
      rows: [
        [["←", "→", "↑", "↓"], t("moveDay")],
        [["Enter"], t("openDay")],
        [["t"], t("today")],
        [["m"], t("month")],
        [["w"], t("week")],
        [["a"], t("agenda")],
        [["n"], t("book")],
      ],
    },
    {
      title: t("shortcutsInbox"),
      rows: [
        [["j", "k"], t("lineMove")],
        [["e"], t("lineRead")],
        [["u"], t("lineUnread")],
        [["s"], t("lineSnooze")],
      ],
    },
    {
      title: t("shortcutsNews"),
      rows: [
        [["j", "k"], t("articleMove")],
        [["Enter"], t("articleOpen")],
      ],
    },
  ];

  return (
    <Dialog open={helping} onClose={() => setHelping(false)} title={t("shortcuts")}>
      {groups.map((group) => (
        <section key={group.title} className="mb-4">
          <h3 className="mb-1 text-xs font-medium text-ink-muted">{group.title}</h3>
          <dl className="divide-y divide-line">
            {group.rows.map(([keys, what]) => (
              <div key={what} className="flex min-h-9 items-center justify-between gap-4 py-1 text-sm">
                <dt>{what}</dt>
                <dd className="flex items-center gap-1.5">
                  {keys.map((key, at) => (
                    <Fragment key={key}>
                      {at > 0 && keys[0] === "g" && <span className="text-xs text-ink-muted">{t("then")}</span>}
                      <Kbd>{key}</Kbd>
                    </Fragment>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <label className="flex min-h-9 items-center gap-3 text-sm">
        <input type="checkbox" className="size-5 accent-accent" checked={on} onChange={(event) => setOn(event.target.checked)} />
        {t("shortcutsOn")}
      </label>
    </Dialog>
  );
}
