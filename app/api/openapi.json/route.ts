import { env } from "@/lib/platform/env";
import { openApiDocument } from "@/lib/platform/openapi";
import { operations } from "./operations";
import { outgoingRequests } from "./outgoing";

/** The description of the REST API; public, because it says nothing about anybody. */
export function GET(): Response {
  const document = openApiDocument(
    {
      title: "Moim API",
      version: "1",
      description: "Book meetings, answer invitations and read notifications. Errors are problem+json (RFC 9457) and carry a stable `code`.",
      serverUrl: env().APP_URL,
    },
    operations,
    outgoingRequests,
  );
  return Response.json(document, { headers: { "Cache-Control": "public, max-age=300" } });
}
