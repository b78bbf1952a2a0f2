import { clsx } from "clsx";

/** Holds the place of something on its way, in its size, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={clsx("block animate-pulse rounded-md bg-hover", className)} />;
}
