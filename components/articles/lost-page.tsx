import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/link-button";

interface Props {
  icon: LucideIcon;
  title: ReactNode;
  children: ReactNode;
  home: string;
  homeLabel: string;
}

/** A place that is not there, or not for its reader: what that means, and where to go from here. */
export function LostPage({ icon: Icon, title, children, home, homeLabel }: Props) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-2 py-16 text-center">
      <span className="inline-flex size-12 items-center justify-center rounded-xl bg-sunken text-ink-muted">
        <Icon aria-hidden className="size-6" />
      </span>
      <h1 className="mt-5 text-xl font-semibold text-balance">{title}</h1>
      <div className="mt-2 text-pretty text-ink-muted">{children}</div>
      <LinkButton href={home} variant="primary" className="mt-6">
        {homeLabel}
      </LinkButton>
    </div>
  );
}
