import { isId } from "@/lib/platform/ids";
import { topicKinds, type TopicKind } from "./inputs";

/** What kind of thing a topic is; null for whatever nobody can follow or mute. */
export const topicKindOf = (topic: string): TopicKind | null => topicKinds.find((kind) => isId(kind, topic)) ?? null;
