import { shortened } from "@/lib/platform/plain-text";
import { factsOf, type Matter } from "./matter";
import type { Reader } from "./reader";
import type { PushWords } from "./template";
import { templates } from "./templates";

/** Longer words are cut by every platform, and a push carries less than 4 kB in all (RFC 8030, 7.2). */
const titleMax = 120;
const bodyMax = 300;

/** What a push says in its reader's language and zone. A bundle needs what it gathers (`gathered`). */
export function pushWords(matter: Matter, reader: Reader): PushWords {
  const { title, body, discreet } = templates[matter.type].push(factsOf(matter), reader, matter);
  return { title: shortened(title, titleMax), body: shortened(body, bodyMax), discreet };
}
