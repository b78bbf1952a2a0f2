import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "@/lib/platform/db/testing";
import { startPostgres } from "./postgres.mjs";

describe("the PostgreSQL launcher", () => {
  let dataDir = "";
  let server: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "moim-pg-"));
    // As root the cluster would otherwise move to where its user can reach it, and stay there.
    await chmod(dataDir, 0o755);
    server = await startPostgres({ dataDir: join(dataDir, "pg"), durable: false });
  });

  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function ask<Row extends object>(url: string, query: string): Promise<Row[]> {
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    try {
      return await sql.unsafe<Row[]>(query);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  test("the application's role is bound by row level security and may not make databases or roles", async () => {
    const [role] = await ask<Record<string, boolean>>(
      server.url,
      "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user",
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false });
  });

  test("a wrong password is refused", async () => {
    await expect(ask(server.url.replace(/:[^:@]+@/, ":wrong@"), "select 1")).rejects.toThrow(/password/);
  });

  test("it listens on the loopback address only and opens no socket file", async () => {
    const [row] = await ask<{ addresses: string; sockets: string }>(
      server.adminUrl,
      "select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets",
    );
    expect(row).toEqual({ addresses: "127.0.0.1", sockets: "" });
  });

  test("letters beyond ASCII have case, whatever the system's locale", async () => {
    const [row] = await ask<{ lower: string }>(server.url, "select lower('ÉCOLE Ü') as lower");
    expect(row?.lower).toBe("école ü");
  });

  test("a running server is adopted, not started twice", async () => {
    const second = await startPostgres({ dataDir: join(dataDir, "pg"), durable: false });
    expect(second).toMatchObject({ adopted: true, pid: server.pid, port: server.port, url: server.url });
  });

  test("what was committed survives kill -9, and the next start recovers by itself", async () => {
    await ask(server.url, "create table kept (n int); insert into kept select generate_series(1, 1000)");
    process.kill(server.pid, "SIGKILL");
    server = await startPostgres({ dataDir: join(dataDir, "pg"), port: server.port, durable: false });
    expect(server.adopted).toBe(false);
    expect(await ask<{ count: string }>(server.url, "select count(*) from kept")).toEqual([{ count: "1000" }]);
  });

  test("a pid file that names another living program does not stop the start", async () => {
    await server.stop();
    const file = join(dataDir, "pg", "data", "postmaster.pid");
    await writeFile(file, `${process.pid}\n${dataDir}\n1\n1\n\n127.0.0.1\n`);
    server = await startPostgres({ dataDir: join(dataDir, "pg"), durable: false });
    expect((await readFile(file, "utf8")).startsWith(`${server.pid}\n`)).toBe(true);
  });
});

describe("test databases", () => {
  test("each is its own, and they can be made side by side", async () => {
    const databases = await Promise.all([1, 2, 3, 4].map(() => createTestDatabase()));
    expect(new Set(databases.map((database) => database.url)).size).toBe(4);
    const [first, second] = databases;
    if (!first || !second) throw new Error("unreachable");
    const one = postgres(first.url, { max: 1 });
    const two = postgres(second.url, { max: 1 });
    await one`create table only_here (n int)`;
    const [seen] = await two`select to_regclass('only_here') as name`;
    expect(seen?.name).toBeNull();
    await Promise.all([one.end(), two.end()]);
    await Promise.all(databases.map((database) => database.drop()));
  });
});
