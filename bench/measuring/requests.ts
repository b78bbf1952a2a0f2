import { Agent, request } from "node:http";

export interface Answer {
  status: number;
  body: string;
  ms: number;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One connection that stays open, as a browser's or a client library's would. */
export function openConnection(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Answer> {
      return new Promise((done, fail) => {
        const startedAt = performance.now();
        const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
        const sent = request(new URL(path, origin), { method, agent, headers: { ...headers, ...length } }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", fail);
          response.once("end", () =>
            done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8"), ms: performance.now() - startedAt }),
          );
        });
        sent.once("error", fail);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

/** Latencies in milliseconds of `count` requests, one after the other, each answered with `status`. */
export async function oneByOne(origin: string, path: string, ask: Ask, status: number, count: number, warmUp: number): Promise<number[]> {
  const connection = openConnection(origin);
  const latencies: number[] = [];
  try {
    for (let number = -warmUp; number < count; number += 1) {
      const answer = await connection.ask(path, ask);
      if (answer.status !== status) throw new Error(`${ask.method ?? "GET"} ${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
      if (number >= 0) latencies.push(answer.ms);
    }
    return latencies;
  } finally {
    connection.close();
  }
}
