import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "@/lib/platform/openapi";
import { operations } from "./operations";
import { outgoingRequests } from "./outgoing";

const document = openApiDocument({ title: "Moim API", version: "1", description: "", serverUrl: "http://localhost:3000" }, operations, outgoingRequests);

/** Routes that are no part of the REST API: engines, browsers and mail programs call them. */
const notTheApi = ["/api/auth/{nextauth}", "/api/inngest", "/api/metrics", "/api/realtime/auth", "/api/openapi.json", "/api/meetings/availability"];

describe("the API's description", () => {
  test("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test("names every route there is, and no other", async () => {
    const described = operations.map((operation) => `${operation.method.toUpperCase()} ${operation.path}`);
    expect(described.sort()).toEqual((await existingOperations()).filter((operation) => !notTheApi.some((route) => operation.endsWith(` ${route}`))).sort());
  });

  test("shows what a program is sent that subscribed to bookings", () => {
    const sent = document.webhooks?.["meeting.scheduled"]?.post;
    expect(sent?.parameters.map(({ name }) => name)).toEqual(["webhook-id", "webhook-timestamp", "webhook-signature"]);
    expect(sent?.requestBody.content["application/json"].schema).toMatchObject({ required: ["type", "timestamp", "data", "sequence", "entity"] });
  });

  test("shows the body of a booking as the route parses it", () => {
    const post = document.paths["/api/meetings"]?.post as { requestBody: { content: Record<string, { schema: Record<string, unknown> }> } };
    const schema = post.requestBody.content["application/json"]?.schema;
    expect(schema).toMatchObject({ type: "object", required: ["title", "startsAt", "endsAt", "timeZone"], additionalProperties: false });
  });
});

async function existingOperations(): Promise<string[]> {
  const api = path.join(process.cwd(), "app", "api");
  const entries = await readdir(api, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name !== "route.ts") continue;
    const url = `/api/${path.relative(api, entry.parentPath)}`.replace(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}");
    const source = await readFile(path.join(entry.parentPath, entry.name), "utf8");
    for (const [, method] of source.matchAll(/export (?:const|(?:async )?function) (GET|POST|PUT|PATCH|DELETE)\b/g)) found.push(`${method} ${url}`);
  }
  return found;
}
