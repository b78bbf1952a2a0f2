export interface Distribution {
  count: number;
  min: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** Nearest-rank percentiles: every figure is one that was really seen. */
export function distribution(values: number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent: number) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, min: at(0), p50: at(50), p90: at(90), p99: at(99), max: at(100) };
}

export const median = (values: number[]) => distribution(values).p50;
