import autocannon from "autocannon";

export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

export interface LoadTarget {
  url: string;
  body: string;
  /** Requests take turns with these. */
  headers: Record<string, string>[];
  /** Headers of each single request, where no two may be the same. */
  fresh?: () => Record<string, string>;
}

/** POSTs over `connections` for `durationSeconds`; only answers of 2xx count. */
export async function load({ url, body, headers, fresh }: LoadTarget, connections: number, durationSeconds: number): Promise<Load> {
  const result = await autocannon({
    url,
    connections,
    duration: durationSeconds,
    requests: headers.map((each) => ({ method: "POST" as const, headers: each, body, ...(fresh && { setupRequest: (request: autocannon.Request) => ({ ...request, headers: fresh() }) }) })),
  });
  return {
    perSecond: result["2xx"] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}
