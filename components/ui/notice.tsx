import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

type Tone = "info" | "positive" | "caution" | "danger";

const looks: Record<Tone, string> = {
  info: "border-line bg-sunken text-ink",
  positive: "border-accent-line bg-accent-soft text-ink",
  caution: "border-caution-line bg-caution-soft text-ink",
  danger: "border-danger-line bg-danger-soft text-ink",
};
const icons = { info: Info, positive: CircleCheck, caution: TriangleAlert, danger: CircleAlert };
const inks: Record<Tone, string> = { info: "text-ink-muted", positive: "text-accent-ink", caution: "text-caution", danger: "text-danger" };

interface Props {
  tone?: Tone;
  children: ReactNode;
  title?: ReactNode;
  role?: "alert" | "status";
  /** Lets a form move focus here when no field is at fault. */
  focusable?: boolean;
  className?: string;
}

/** Something worth knowing, in the flow of the page. */
export function Notice({ tone = "info", children, title, role, focusable, className }: Props) {
  const Icon = icons[tone];
  return (
    <div
      role={role}
      tabIndex={focusable ? -1 : undefined}
      className={clsx("flex gap-3 rounded-lg border px-3.5 py-2.5 text-sm", looks[tone], className)}
    >
      <Icon aria-hidden className={clsx("mt-0.5 size-4 shrink-0", inks[tone])} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  );
}
