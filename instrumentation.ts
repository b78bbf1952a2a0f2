/** Connects the outbox to Inngest, and hands over at once what an earlier process left behind. */
export async function register(): Promise<void> {
  const { connectRelay, pokeRelay } = await import("@/lib/platform/outbox/poke");
  const { relay } = await import("@/inngest/send-outbox");
  connectRelay(relay);
  void pokeRelay();
}
