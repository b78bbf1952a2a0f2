import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: ReactNode;
  /** What this place is for and how it fills. */
  children: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <span className="inline-flex size-11 items-center justify-center rounded-xl bg-accent-soft text-accent-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="mt-4 font-semibold">{title}</h2>
      <div className="mt-1.5 max-w-sm text-sm text-pretty text-ink-muted">{children}</div>
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
