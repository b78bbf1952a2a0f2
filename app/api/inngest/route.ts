import { serve } from "inngest/next";
import type { NextRequest } from "next/server";
import { fromKnownCaller } from "@/inngest/caller";
import { inngest } from "@/inngest/client";
import { functions } from "@/inngest/functions";

const handlers = serve({ client: inngest, functions });

type Handler = (request: NextRequest, context: unknown) => Promise<Response>;

/**
 * Where Inngest finds and calls the durable functions, which may act for every organization: its requests are proven by its
 * signature, or by the secret of an engine that does not sign.
 */
const guarded =
  (handler: Handler): Handler =>
  async (request, context) =>
    fromKnownCaller(request.headers) ? handler(request, context) : new Response(null, { status: 401 });

export const GET = guarded(handlers.GET);
export const POST = guarded(handlers.POST);
export const PUT = guarded(handlers.PUT);
