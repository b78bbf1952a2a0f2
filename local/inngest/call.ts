import http from "node:http";
import https from "node:https";

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** No connection came about: the function was certainly not called. */
export class Unreachable extends Error {}

// Node's servers close a connection that was idle for 5 s: closing ours first keeps a request from meeting that close.
const AGENT_OPTIONS = { keepAlive: true, timeout: 3000, maxSockets: Infinity };

/** Calls the application over connections that are kept alive. Steps may run long, so the only clock is `timeoutMs`. */
export class Caller {
  private readonly agents = { "http:": new http.Agent(AGENT_OPTIONS), "https:": new https.Agent(AGENT_OPTIONS) };
  private readonly controller = new AbortController();

  constructor(private readonly secret?: string) {}

  request(
    method: "POST" | "PUT",
    url: string,
    body: string,
    options: { headers?: Record<string, string>; timeoutMs: number; bytesMax: number },
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const target = new URL(url);
      const secure = target.protocol === "https:";
      let connected = false;
      const request = (secure ? https : http).request(target, {
        method,
        agent: this.agents[secure ? "https:" : "http:"],
        signal: AbortSignal.any([this.controller.signal, AbortSignal.timeout(options.timeoutMs)]),
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Inngest",
          ...(this.secret && { authorization: `Bearer ${this.secret}` }),
          ...options.headers,
        },
      });
      request.on("socket", (socket) => {
        if (!socket.connecting) connected = true;
        else socket.once(secure ? "secureConnect" : "connect", () => (connected = true));
      });
      request.on("error", (error) => reject(connected ? error : new Unreachable(describe(error), { cause: error })));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size <= options.bytesMax) chunks.push(chunk);
          else response.destroy(new Error(`the answer is larger than ${options.bytesMax} bytes`));
        });
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString("utf8") });
        });
      });
      request.end(body);
    });
  }

  /** Breaks off what is under way. */
  close(): void {
    this.controller.abort();
    this.agents["http:"].destroy();
    this.agents["https:"].destroy();
  }
}

function describe(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((part) => (part instanceof Error ? part.message : String(part))).join("; ");
  return error.message;
}
