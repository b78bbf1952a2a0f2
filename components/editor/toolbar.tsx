"use client";

import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { clsx } from "clsx";
import { useTranslations } from "next-intl";
import { useRef, useState, type KeyboardEvent } from "react";
import type { Tool } from "./tools";

interface Props {
  editor: Editor;
  tools: Tool[][];
  className?: string;
}

interface Look {
  on: boolean | undefined;
  possible: boolean;
}

/**
 * A toolbar as the ARIA practices describe it: one stop of the Tab key, arrows within. What cannot be done here stays reachable and
 * says so, instead of taking the focus away by vanishing.
 */
export function Toolbar({ editor, tools, className }: Props) {
  const t = useTranslations("editor");
  const all = tools.flat();
  const bar = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const looks = useEditorState({
    editor,
    selector: ({ editor: now }): Record<string, Look> =>
      Object.fromEntries(all.map(({ id, on, possible }) => [id, { on: on?.(now), possible: possible?.(now) ?? true }])),
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      editor.commands.focus();
    }
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + all.length) % all.length;
    setAt(next);
    bar.current?.querySelectorAll<HTMLElement>("button")[next]?.focus();
  };

  return (
    <div ref={bar} role="toolbar" aria-label={t("toolbar")} onKeyDown={onKeyDown} className={clsx("flex items-center gap-y-0.5 max-sm:scroll-quiet max-sm:overflow-x-auto sm:flex-wrap", className)}>
      {tools.map((group, index) => (
        <div key={group[0]?.id ?? index} className={clsx("flex items-center", index > 0 && "ml-1 border-l border-line pl-1")}>
          {group.map((tool) => (
            <ToolButton
              key={tool.id}
              tool={tool}
              look={looks[tool.id] ?? { on: undefined, possible: true }}
              reachable={all[at] === tool || all[at]?.id === tool.id}
              onFocus={() => setAt(all.indexOf(tool))}
              onPress={() => {
                // At once: the focus command waits for a frame, in which what was switched on for the next letter would be forgotten.
                editor.view.focus();
                tool.run(editor);
              }}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface ButtonProps {
  tool: Tool;
  look: Look;
  reachable: boolean;
  onFocus: () => void;
  onPress: () => void;
}

function ToolButton({ tool: { id, icon: Icon, keys }, look: { on, possible }, reachable, onFocus, onPress }: ButtonProps) {
  const t = useTranslations("editor");
  const label = t(`tools.${id}`);
  return (
    <button
      type="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={label}
      aria-pressed={on}
      aria-disabled={!possible || undefined}
      aria-keyshortcuts={keys && keys.length > 1 ? ariaKeys(keys) : undefined}
      onFocus={onFocus}
      // The selection in the text stays what it is while a button is pressed.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => possible && onPress()}
      className={clsx(
        "group relative inline-flex size-10 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink aria-disabled:opacity-40 sm:size-8",
        on && "bg-accent-soft text-accent-ink hover:bg-accent-soft hover:text-accent-ink",
      )}
    >
      <Icon aria-hidden className="size-4.5" />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute top-full left-1/2 z-40 mt-1 hidden -translate-x-1/2 items-center gap-1.5 rounded-md bg-ink px-2 py-1 text-xs whitespace-nowrap text-canvas shadow-high sm:group-focus-visible:flex sm:pointer-fine:group-hover:flex"
      >
        {label}
        {keys && <span className="opacity-75">{shownKeys(keys)}</span>}
      </span>
    </button>
  );
}

const onMac = () => /Mac|iPhone|iPad/.test(navigator.platform);
const macSigns: Record<string, string> = { Mod: "⌘", Alt: "⌥", Shift: "⇧" };

const shownKeys = (keys: string[]) => (onMac() ? keys.map((key) => macSigns[key] ?? key).join("") : keys.map((key) => (key === "Mod" ? "Ctrl" : key)).join("+"));

const ariaKeys = (keys: string[]) => keys.map((key) => (key === "Mod" ? (onMac() ? "Meta" : "Control") : key)).join("+");
