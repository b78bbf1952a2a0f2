import { clsx } from "clsx";
import type { ReactNode } from "react";

interface Props {
  title?: ReactNode;
  /** To the right of the title: a link or a small button. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  /** For lists and tables whose rows reach the border. */
  flush?: boolean;
  id?: string;
}

/** A section with its own border and heading. */
export function Card({ title, aside, children, className, flush, id }: Props) {
  const heading = title && id ? `${id}-title` : undefined;
  return (
    <section id={id} aria-labelledby={heading} className={clsx("min-w-0 rounded-xl border border-line bg-surface", className)}>
      {(title || aside) && (
        <div className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2">
          <h2 id={heading} className="text-sm font-semibold">
            {title}
          </h2>
          {aside}
        </div>
      )}
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}
