/**
 * Asks before a link leads away from words that are saved nowhere but here. Links within the product do not unload the page, so the
 * browser's own question does not come.
 */
export function guardLinks(inTrouble: () => boolean, question: () => string): () => void {
  const ask = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || link.target === "_blank" || link.closest("[contenteditable]") || link.getAttribute("href")?.startsWith("#")) return;
    if (!inTrouble() || window.confirm(question())) return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", ask, true);
  return () => document.removeEventListener("click", ask, true);
}
