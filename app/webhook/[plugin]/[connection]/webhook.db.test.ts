import { beforeAll, describe, expect, test, vi } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { makeConnection, signedBy, webhooksOf } from "@/lib/integrations/ingest/testing";
import { webhookBytesMax } from "@/lib/integrations/ingest/inputs";
import type { Member } from "@/lib/organizations/actor";
import { config } from "@/proxy";
import { foundOrganization } from "@/lib/organizations/testing";

// There is no request of Next around the handler, after which to do something.
vi.mock("next/server", () => ({ after: () => undefined }));
useTestDatabase();

let POST: (typeof import("./route"))["POST"];
let owner: Member;
let connection: string;
const secret = "s";
beforeAll(async () => {
  ({ POST } = await import("./route"));
  ({ owner } = await foundOrganization("ada@edge.example", "Edge"));
  connection = await makeConnection(owner, { secrets: [{ secret }] });
});

const post = (id: string, body: BodyInit | null, headers: Record<string, string>, plugin = "jira") =>
  POST(new Request(`http://localhost:3000/webhook/${plugin}/${id}?triggeredByUser=abc&x=1`, { method: "POST", body, headers, duplex: "half" } as RequestInit), {
    params: Promise.resolve({ plugin, connection: id }),
  });
const send = (payload: unknown, id = connection) => {
  const { headers, body } = signedBy(secret, payload);
  return post(id, new Uint8Array(body), headers);
};

describe("the address of webhooks", () => {
  test("answers what it stored with its id, whatever stands in the query and whoever's page it comes from", async () => {
    const { headers, body } = signedBy(secret, { a: 1 });
    const answer = await post(connection, new Uint8Array(body), { ...headers, origin: "https://acme.atlassian.net" });
    const [stored] = await webhooksOf(owner, connection);
    expect([answer.status, await answer.json()]).toEqual([200, { id: stored?.id }]);
  });

  test("says to whoever proves nothing what to do, with a status that is not tried again", async () => {
    const answer = await post(connection, "{}", {});
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "WEBHOOK_UNPROVEN", reason: "unsigned", detail: expect.stringContaining("secret") as string });
  });

  test("knows no other connections", async () => {
    expect((await send({}, newId("connection"))).status).toBe(404);
    expect((await send({}, "x")).status).toBe(404);
  });

  test("takes an empty body, and one that is no JSON", async () => {
    expect((await send("")).status).toBe(200);
    expect((await send("{")).status).toBe(200);
  });

  test("is not the proxy's business, for which Next would keep only the first 10 MB of a body", () => {
    const passes = new RegExp(`^${config.matcher}$`);
    expect(passes.test(`/webhook/jira/${connection}`)).toBe(false);
    expect([passes.test("/api/meetings"), passes.test("/maru/inbox"), passes.test("/webhooks")]).toEqual([true, true, true]);
  });

  test("takes 25 MB and not a byte more, and stops reading there", async () => {
    expect((await send(Buffer.alloc(webhookBytesMax, "x"))).status).toBe(200);
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    expect((await post(connection, endless, {})).status).toBe(413);
    expect(read).toBeLessThanOrEqual(28);
    const announced = await post(connection, new ReadableStream({ pull: () => Promise.reject(new Error("read")) }), { "content-length": String(webhookBytesMax + 1) });
    expect(announced.status).toBe(413);
  });
});
