/** Puts the focus on a comment, or whatever has this id, without moving the page. */
export const focusOn = (id: string) => document.getElementById(id)?.focus({ preventScroll: true });
