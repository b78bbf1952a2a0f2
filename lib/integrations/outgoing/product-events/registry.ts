import { productEvents } from "../../subscriptions/inputs";

/** The events that a durable function hears for the endpoints. */
export const dispatchedEvents: readonly string[] = productEvents;
