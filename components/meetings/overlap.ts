/** A span on one day, in minutes. */
export interface Span {
  fromMinute: number;
  toMinute: number;
}

export interface Lane {
  /** Counted from 0. */
  lane: number;
  /** How many lanes share the width. */
  lanes: number;
}

/**
 * Puts overlapping spans side by side: each takes the first lane that is free, and spans that touch each other, directly or through
 * others, share the width equally. The answer has the order of the input.
 */
export function sideBySide(spans: Span[]): Lane[] {
  const order = spans.map((span, index) => ({ span, index })).sort((a, b) => a.span.fromMinute - b.span.fromMinute || b.span.toMinute - a.span.toMinute);
  const result: Lane[] = spans.map(() => ({ lane: 0, lanes: 1 }));
  let cluster: number[] = [];
  let laneEnds: number[] = [];
  let clusterEnd = -1;

  const close = () => {
    for (const index of cluster) result[index] = { lane: result[index]?.lane ?? 0, lanes: laneEnds.length };
    cluster = [];
    laneEnds = [];
  };

  for (const { span, index } of order) {
    if (span.fromMinute >= clusterEnd) close();
    const free = laneEnds.findIndex((end) => end <= span.fromMinute);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = span.toMinute;
    clusterEnd = cluster.length === 0 ? span.toMinute : Math.max(clusterEnd, span.toMinute);
    result[index] = { lane, lanes: 1 };
    cluster.push(index);
  }
  close();
  return result;
}
