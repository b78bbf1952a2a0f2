"use client";

import { clsx } from "clsx";
import Link from "next/link";
import { useCallback, useEffect, useRef, type ComponentProps, type KeyboardEvent, type ReactNode } from "react";

interface Props {
  button: ReactNode;
  /** What the menu is for, read out before what the button shows. */
  label: string;
  children: ReactNode;
  buttonClassName?: string;
  align?: "start" | "end";
  side?: "below" | "above";
  className?: string;
}

/**
 * A disclosure of links and buttons (`<details>`): it opens before scripts arrive. Scripts add what people expect of a menu: arrow
 * keys, Escape, and closing when focus or a click goes elsewhere or a choice was made.
 */
export function Menu({ button, label, children, buttonClassName, align = "start", side = "below", className }: Props) {
  const details = useRef<HTMLDetailsElement>(null);

  const close = useCallback((refocus: boolean) => {
    if (!details.current?.open) return;
    details.current.open = false;
    if (refocus) details.current.querySelector("summary")?.focus();
  }, []);

  useEffect(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && !details.current?.contains(event.target)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [close]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close(true);
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (details.current) details.current.open = true;
    const items = [...(details.current?.querySelectorAll<HTMLElement>("[data-menu-item]") ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? items.length - 1 : at - 1;
    items.at(next % items.length)?.focus();
  };

  return (
    <details ref={details} className={clsx("relative", className)} onKeyDown={onKeyDown}>
      <summary className={clsx("rounded-lg select-none", buttonClassName)}>
        <span className="sr-only">{label}</span>
        {button}
      </summary>
      <div
        className={clsx(
          "scroll-quiet absolute z-40 max-h-[70dvh] min-w-56 overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-high",
          align === "end" ? "right-0" : "left-0",
          side === "above" ? "bottom-full mb-1.5" : "top-full mt-1.5",
        )}
        onClick={(event) => event.target instanceof Element && event.target.closest("[data-menu-item]") && close(false)}
      >
        {children}
      </div>
    </details>
  );
}

const itemStyle = "flex min-h-9 w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm text-ink hover:bg-hover";

export function MenuLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return <Link data-menu-item className={clsx(itemStyle, className)} {...rest} />;
}

export function MenuButton({ className, type = "button", ...rest }: ComponentProps<"button">) {
  return <button type={type} data-menu-item className={clsx(itemStyle, className)} {...rest} />;
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <p className="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-faint">{children}</p>;
}

export const MenuLine = () => <hr className="my-1.5 border-line" />;
