"use client";

import { use, type ReactNode } from "react";
import { ListContext } from "./feed-context";
import { seenOf } from "./held-back";

interface Props {
  /** Takes the instant up to which everything is read. */
  action: (before: string) => Promise<void>;
  /** Up to when everything on the page as it was made has been seen. */
  everything: string;
  /** The list, newest first. */
  rows: { id: string; at: string }[];
  children: ReactNode;
}

/** "All read" means what its reader has before them: what waits behind the pill stays unread. */
export function ReadAll({ action, everything, rows, children }: Props) {
  const { held } = use(ListContext);
  return <form action={action.bind(null, seenOf(rows, held, everything))}>{children}</form>;
}
