"use client";

import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useRowState } from "./feed-context";
import { useReadHere } from "./read-here";

interface Props {
  /** Its place on the page, where a link to more of the list leads without scripts. */
  id: string;
  /** When that is not the id of its article. */
  article?: string;
  unread: boolean;
  className?: string;
  children: ReactNode;
}

/** One article of a list, as it is or as this tab knows it to be by now. */
export function CardFrame({ id, article = id, unread, className, children }: Props) {
  const { hidden } = useRowState(id, article);
  const readHere = useReadHere().has(article);
  return (
    <li id={id} data-row-id={id} data-unread={(unread && !readHere) || undefined} hidden={hidden} className={clsx("group/row relative scroll-mt-20", className)}>
      {children}
    </li>
  );
}
