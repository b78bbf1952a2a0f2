import { createServer, type IncomingMessage } from "node:http";
import postgres from "postgres";

/** node:http with one INSERT: what a booking would cost with no framework at all. Started as a process of its own. */
const sql = postgres(process.env.DATABASE_URL ?? "", { max: 20 });

const server = createServer((request, response) => {
  insert(request).then(
    (id) => response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ id })),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

async function insert(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: postgres.JSONValue = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const [row] = await sql`insert into bench.bookings (body) values (${sql.json(body)}) returning id`;
  return row?.id;
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? (address?.port ?? 0) : 0}\n`);
});
process.once("SIGTERM", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
