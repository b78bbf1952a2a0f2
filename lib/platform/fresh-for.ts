/** Asks at most once in `milliseconds`; whoever asks meanwhile gets the same answer. For what anybody may ask as often as they like. */
export function freshFor<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { askedAt: number; answer: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.askedAt >= milliseconds) last = { askedAt: now, answer: ask() };
    return last.answer;
  };
}
