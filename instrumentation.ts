import type { Instrumentation } from "next";

/** Connects the outbox to Inngest, and hands over at once what an earlier process left behind. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { connectRelay, pokeRelay } = await import("@/lib/platform/outbox/poke");
  const { relay } = await import("@/inngest/send-outbox");
  connectRelay(relay);
  void pokeRelay();
}

/** What no edge of ours caught, with the digest that the reader of the error page sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, { routePath, routeType }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { log } = await import("@/lib/platform/log");
  const digest = typeof error === "object" && error !== null && "digest" in error ? String(error.digest) : undefined;
  log.error("request failed", { path: request.path, routePath, routeType, digest, error });
};
