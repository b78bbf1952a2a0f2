import { createHash } from "node:crypto";
import { mkdir, realpath, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The longest socket path that every platform takes. */
const longestPath = 100;

/**
 * Keeps a second engine off the same folder. A listening socket rather than a file with a process id: it ends with its
 * process however that ends, so a crash leaves nothing that would keep the next start out.
 */
export async function lockFolder(folder: string, engine: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(await realpath(folder), engine);
  let server: Server;
  try {
    server = await listen(path);
  } catch {
    if (await answers(path)) throw new Error(`${folder} is in use by another ${engine} engine`);
    await unlink(path).catch(() => undefined);
    server = await listen(path);
  }
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function socketPath(folder: string, engine: string): string {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\moim-${engine}-${hash}`;
  const inside = join(folder, "lock.sock");
  return inside.length <= longestPath ? inside : join(tmpdir(), `moim-${engine}-${hash}.sock`);
}

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
