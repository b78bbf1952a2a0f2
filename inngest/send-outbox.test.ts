import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Rejected, type OutboxMessage } from "@/lib/platform/outbox/relay";

interface Sent {
  id: string;
  name: string;
}

let status = 200;
const requests: Sent[][] = [];
const engine = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const events = JSON.parse(Buffer.concat(chunks).toString()) as Sent[];
    if (status === 200) requests.push(events);
    response.statusCode = status;
    response.end(JSON.stringify({ ids: events.map(() => "01"), status, ...(status === 200 ? {} : { error: "no" }) }));
  });
});

let sendOutbox: (messages: OutboxMessage[]) => Promise<void>;
beforeAll(async () => {
  await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
  process.env.INNGEST_DEV = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  ({ sendOutbox } = await import("./send-outbox"));
});
afterAll(() => void engine.close());
beforeEach(() => {
  status = 200;
  requests.length = 0;
});

const message = (id: string, words = ""): OutboxMessage => ({
  id,
  name: "meeting.scheduled",
  data: { eventId: id, organizationId: "org_1", version: 1, occurredAt: "2031-01-01T00:00:00.000Z", payload: { words } },
});

test("messages keep their outbox ids, so that one sent twice runs once", async () => {
  await sendOutbox([message("evt_1"), message("evt_2")]);
  expect(requests).toMatchObject([[{ id: "evt_1", name: "meeting.scheduled" }, { id: "evt_2" }]]);
});

test("a full batch of large meetings is sent in requests that engines accept", async () => {
  await sendOutbox(Array.from({ length: 25 }, (_, index) => message(`evt_${index}`, "x".repeat(100_000))));
  expect(requests.map((events) => events.length)).toEqual([9, 9, 7]);
});

test.each([400, 413])("%i is the message's fault: it is parked, not tried for ever", async (refusal) => {
  status = refusal;
  await expect(sendOutbox([message("evt_1")])).rejects.toBeInstanceOf(Rejected);
});

test.each([401, 500, 503])("%i is not: everything is tried again", async (refusal) => {
  status = refusal;
  const failure = await sendOutbox([message("evt_1")]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toBeInstanceOf(Rejected);
});
