import { z } from "zod";

/**
 * OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0) made from the zod inputs that the routes parse with, so that what is documented
 * is what is enforced. JSON Schema 2020-12 is the dialect of both.
 */
export interface Operation {
  method: "get" | "post" | "put" | "patch" | "delete";
  path: string;
  summary: string;
  description?: string;
  /** Scope a personal API token needs; null when no sign-in is needed. */
  scope: string | null;
  query?: z.ZodObject;
  body?: z.ZodType;
  bodyOptional?: boolean;
  headers?: HeaderName[];
  success: { status: number; description: string; schema?: z.ZodType; mediaType?: string; headers?: string[] };
  /** Statuses beyond those every operation may answer. */
  refusals?: Record<number, string>;
}

const headerParameters = {
  "Idempotency-Key": "Any text of up to 200 characters. A repeated request with the same key answers the first one's result.",
  "If-Match": "The ETag last read; the change is refused with 412 when the resource has changed since.",
  "X-Moim-Organization": "Slug of the organization, for a session that belongs to several. A token already names its own.",
} as const;
export type HeaderName = keyof typeof headerParameters;

const answerHeaders: Record<string, string> = {
  ETag: "The version, for If-Match",
  Location: "Where the new resource is",
};

const fault = z.object({ field: z.string(), pointer: z.string(), code: z.string(), detail: z.string() });
const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(fault).optional(),
});

/** A request that goes the other way: sent by us, answered with 2xx by whoever subscribed. */
export interface OutgoingRequest {
  name: string;
  summary: string;
  headers: Record<string, string>;
  body: z.ZodType;
}

export function openApiDocument(info: { title: string; version: string; description: string; serverUrl: string }, operations: Operation[], outgoing: OutgoingRequest[] = []) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = operationObject(operation);
  }
  return {
    openapi: "3.1.0",
    info: { title: info.title, version: info.version, description: info.description },
    servers: [{ url: info.serverUrl }],
    paths,
    ...(outgoing.length > 0 && { webhooks: Object.fromEntries(outgoing.map((request) => [request.name, { post: outgoingObject(request) }])) }),
    components: {
      schemas: { Problem: jsonSchema(problem, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A personal API token from Settings, API tokens." },
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
      },
    },
  };
}

function outgoingObject({ name, summary, headers, body }: OutgoingRequest) {
  return {
    operationId: `on${name.replace(/[^a-zA-Z]*([a-zA-Z])([a-zA-Z]*)/g, (_, first: string, rest: string) => `${first.toUpperCase()}${rest}`)}`,
    summary,
    security: [],
    parameters: Object.entries(headers).map(([header, description]) => ({ name: header, in: "header", required: true, description, schema: { type: "string" } })),
    requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body, "output") } } },
    responses: { "2XX": { description: "Taken. Anything else is tried again; 410 pauses the endpoint" } },
  };
}

function operationObject({ path, method, summary, description, scope, query, body, bodyOptional, headers = [], success, refusals = {} }: Operation) {
  return {
    operationId: `${method}${path.replace(/[^a-zA-Z]+(\w)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? "")}`,
    summary,
    description: [description, scope && `Token scope: \`${scope}\`.`].filter(Boolean).join("\n\n") || undefined,
    ...(scope ? { security: [{ token: [] }, { session: [] }] } : { security: [] }),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...(query ? queryParameters(query) : []),
      ...[...headers, ...(scope ? (["X-Moim-Organization"] as const) : [])].map((name) => ({
        name,
        in: "header",
        required: false,
        description: headerParameters[name],
        schema: { type: "string" },
      })),
    ],
    ...(body ? { requestBody: { required: !bodyOptional, content: { "application/json": { schema: jsonSchema(body, "input") } } } } : {}),
    responses: {
      [success.status]: {
        description: success.description,
        ...(success.headers
          ? { headers: Object.fromEntries(success.headers.map((name) => [name, { description: answerHeaders[name] ?? name, schema: { type: "string" } }])) }
          : {}),
        ...(success.schema ? { content: { [success.mediaType ?? "application/json"]: { schema: jsonSchema(success.schema, "output") } } } : {}),
      },
      ...Object.fromEntries(Object.entries({ ...commonRefusals(scope, body ?? query), ...refusals }).map(([status, words]) => [status, refusalObject(words)])),
    },
  };
}

function commonRefusals(scope: string | null, input: z.ZodType | undefined): Record<number, string> {
  const common: Record<number, string> = {};
  if (scope) {
    common[401] = "Not signed in, or the token is unknown, expired or revoked";
    common[403] = "Not allowed, or the token lacks the scope";
    common[429] = "Too many requests; wait for Retry-After seconds";
  }
  if (input) common[422] = "The input is not valid; `errors` names each field";
  return common;
}

const refusalObject = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

function queryParameters(query: z.ZodObject) {
  const { properties = {}, required = [] } = jsonSchema(query, "input") as { properties?: Record<string, object>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: required.includes(name), schema }));
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
