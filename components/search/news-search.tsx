"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useTransition, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { SelectField, type Option } from "@/components/ui/select-field";
import { questionMax } from "@/lib/feed/search/bounds/inputs";
import { searchFieldId } from "./search-field-id";

interface Props {
  /** The page itself: a search is an address that can be kept and shared. */
  action: string;
  question: string;
  workspace: string;
  /** Workspaces to search in; none when there is nothing to choose. */
  workspaces: Option[];
  /** What was found. */
  children: ReactNode;
}

const pauseMs = 250;

/** Searches while one types; without scripts, when one asks. The arrow keys lead from the field through what was found and back. */
export function NewsSearch({ action, question, workspace, workspaces, children }: Props) {
  const t = useTranslations("search");
  const router = useRouter();
  const [searching, startSearch] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = () => {
    clearTimeout(timer.current);
    if (!form.current) return;
    const wanted = [...new FormData(form.current)].flatMap(([name, value]): [string, string][] => (typeof value === "string" && value !== "" ? [[name, value]] : []));
    startSearch(() => router.replace(wanted.length > 0 ? `${action}?${new URLSearchParams(wanted)}` : action, { scroll: false }));
  };
  const soon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(search, pauseMs);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search();
  };
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    // While a syllable is composed, the arrows choose among its spellings; in a list of options, among those.
    if (step === 0 || event.nativeEvent.isComposing || event.target instanceof HTMLSelectElement) return;
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(`#${searchFieldId}, a[data-found]`)];
    const at = stops.findIndex((stop) => stop === document.activeElement);
    const next = at < 0 ? undefined : stops[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div onKeyDown={move}>
      <form ref={form} method="get" action={action} role="search" onSubmit={submit} className="mb-6 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <label htmlFor={searchFieldId} className="mb-1.5 block text-sm font-medium">
            {t("field")}
          </label>
          <div className="relative">
            <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-muted" />
            <input
              id={searchFieldId}
              name="q"
              type="search"
              className="control pl-9"
              defaultValue={question}
              maxLength={questionMax}
              autoComplete="off"
              enterKeyHint="search"
              placeholder={t("placeholder")}
              autoFocus={question === ""}
              onInput={soon}
            />
          </div>
        </div>
        {workspaces.length > 0 && <SelectField name="workspace" label={t("where")} defaultValue={workspace} options={[{ value: "", label: t("everywhere") }, ...workspaces]} onChange={search} className="basis-44" />}
        <Button type="submit" variant="primary">
          {t("submit")}
        </Button>
      </form>
      <div aria-busy={searching} className="transition-opacity aria-busy:opacity-60">
        {children}
      </div>
    </div>
  );
}
