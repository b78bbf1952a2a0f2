import type { Clock } from "./clock";
import type { DeliveryRules } from "./control/delivery-rules";
import type { ScriptedAnswers } from "./control/scripted-answers";
import type { Limits } from "./limits";
import type { Store } from "./store";
import type { Sender } from "./webhooks/sender";

/** What every part of the engine works with. */
export interface Engine {
  store: Store;
  clock: Clock;
  /** Where the engine is reached; it stands for every host of Atlassian. */
  baseUrl: string;
  sender: Sender;
  /** What goes wrong on purpose: answers to calls, and deliveries. */
  answers: ScriptedAnswers;
  deliveryRules: DeliveryRules;
  limits: Limits;
  /** Begins the world anew. */
  reset: () => void;
}
