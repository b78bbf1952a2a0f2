import { clsx } from "clsx";

/** ㅁ, the first letter of 모임, with people gathered in it. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={clsx("size-6 shrink-0 text-accent", className)}>
      <rect x="2.5" y="2.5" width="19" height="19" rx="5.5" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <circle cx="8.8" cy="9.9" r="1.75" fill="currentColor" />
      <circle cx="15.2" cy="9.9" r="1.75" fill="currentColor" />
      <circle cx="12" cy="15.2" r="1.75" fill="currentColor" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 text-lg font-semibold tracking-tight">
      <LogoMark />
      Moim
    </span>
  );
}
