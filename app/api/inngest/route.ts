import { serve } from "inngest/next";
import { inngest } from "@/inngest/client";
import { functions } from "@/inngest/functions";

/** Where Inngest finds and calls the durable functions; requests are proven by its signature, or come from the local engine. */
export const { GET, POST, PUT } = serve({ client: inngest, functions });
