import { clsx } from "clsx";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "md" | "sm" | "icon";

const base =
  "inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors duration-100 aria-disabled:opacity-60 disabled:opacity-60 focus-visible:rounded-lg";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover shadow-low",
  secondary: "border border-line-strong/60 bg-surface text-ink hover:bg-hover shadow-low",
  ghost: "text-ink-muted hover:bg-hover hover:text-ink",
  danger: "border border-danger-line bg-surface text-danger hover:bg-danger-soft",
};

const sizes: Record<ButtonSize, string> = {
  md: "min-h-10 px-4 text-sm",
  sm: "min-h-8 px-3 text-sm",
  icon: "size-10",
};

/** One recipe for everything that looks like a button, whether it acts (`Button`) or leads somewhere (`LinkButton`). */
export const buttonStyle = (variant: ButtonVariant = "secondary", size: ButtonSize = "md", className?: string) =>
  clsx(base, variants[variant], sizes[size], className);
