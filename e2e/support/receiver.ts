import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";

/** What an organization's own program got. */
export interface Got {
  id: string;
  genuine: boolean;
  body: { type: string; data: Record<string, unknown>; sequence: number; entity: string };
}

/** A program that webhooks go to, on the port that the instance under test may reach; it believes only what is signed (Standard Webhooks). */
export async function startReceiver() {
  const port = Number(process.env.E2E_RECEIVER_PORT ?? 0);
  const got: Got[] = [];
  let key = Buffer.alloc(0);
  const take = async (request: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString("utf8");
    const header = (name: string) => String(request.headers[name] ?? "");
    const wanted = createHmac("sha256", key).update(`${header("webhook-id")}.${header("webhook-timestamp")}.${raw}`).digest("base64");
    got.push({ id: header("webhook-id"), genuine: header("webhook-signature").split(" ").includes(`v1,${wanted}`), body: JSON.parse(raw) as Got["body"] });
  };
  const server = createServer((request, response) => void take(request).then(() => response.writeHead(204).end()));
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    believe(secret: string): void {
      key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    },
    stop: () => new Promise((closed) => server.close(closed)),
  };
}
