"use client";

import { useEffect, useState, type RefObject } from "react";

/**
 * What arrived while the page was open and has not been on the screen yet. `fresh` are marked with `data-new` in the list; looking at one
 * makes it known.
 */
export function useUnseen(list: RefObject<HTMLElement | null>) {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [unseen, setUnseen] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (fresh.size === 0 || !list.current) return;
    const observer = new IntersectionObserver((entries) => {
      const seen = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target.id);
      const hidden = entries.filter(({ isIntersecting }) => !isIntersecting).map(({ target }) => target.id);
      setUnseen((before) => new Set([...before, ...hidden].filter((id) => !seen.includes(id))));
      if (seen.length > 0) setFresh((before) => new Set([...before].filter((id) => !seen.includes(id))));
    });
    for (const element of list.current.querySelectorAll("[data-new]")) observer.observe(element);
    return () => observer.disconnect();
  }, [fresh, list]);

  const arrive = (ids: string[]) => setFresh((before) => new Set([...before, ...ids]));
  const forget = () => {
    setFresh(new Set());
    setUnseen(new Set());
  };
  return { fresh, unseen, arrive, forget };
}
