import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** node:http that writes a body to a file: what taking bytes costs with nobody asking whose they are. Started as a process of its own. */
const folder = process.env.PUT_FOLDER ?? "";
mkdirSync(folder, { recursive: true });

const server = createServer((request, response) => {
  keep(request).then(
    () => response.writeHead(200).end(),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

/** `/synced` waits until the disk has it, as whoever promises to keep it must. */
async function keep(request: IncomingMessage): Promise<void> {
  const file = await open(join(folder, randomUUID()), "wx");
  await pipeline(request, file.createWriteStream({ flush: request.url === "/synced" }));
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? (address?.port ?? 0) : 0}\n`);
});
process.once("SIGTERM", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
