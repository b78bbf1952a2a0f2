"use client";

import type { ReactNode } from "react";
import { useGuess } from "./optimism";

/** One line of the inbox as it is, or as it will be once the server has done what was asked. */
export function RowFrame({ id, read, children }: { id: string; read: boolean; children: ReactNode }) {
  const guess = useGuess(id);
  const shownRead = guess?.read ?? read;
  return (
    <li
      id={id}
      data-row-id={id}
      data-read={shownRead || undefined}
      hidden={guess?.gone}
      className="group/row relative border-b border-line first:rounded-t-xl last:rounded-b-xl last:border-b-0 hover:bg-hover has-[details[open]]:z-20"
    >
      {children}
    </li>
  );
}
