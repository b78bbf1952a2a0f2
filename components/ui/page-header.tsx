import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  children?: ReactNode;
  /** The one or two things done most on this page. */
  actions?: ReactNode;
  back?: { href: string; label: string };
}

export function PageHeader({ title, children, actions, back }: Props) {
  return (
    <header className="mb-6">
      {back && (
        <Link href={back.href} className="-ml-1.5 mb-2 inline-flex min-h-8 items-center gap-0.5 rounded-md pr-2 text-sm text-ink-muted hover:text-ink">
          <ChevronLeft aria-hidden className="size-4" />
          {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-2xl font-semibold break-words">{title}</h1>
          {children && <div className="mt-1 text-sm text-ink-muted first-letter:uppercase">{children}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
