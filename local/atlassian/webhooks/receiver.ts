import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  raw: string;
  body: Record<string, unknown>;
}

/** An application's webhook in a test: keeps what arrives, and answers as told. */
export async function receiver(answer: (count: number) => number | "hang" = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let raw = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (raw += part));
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, raw, body: parsed(raw) });
      const status = answer(received.length);
      if (status !== "hang") response.writeHead(status).end(`said ${status}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/jira/con_1`, received };
}

function parsed(raw: string): Record<string, unknown> {
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return {};
  }
}
