import { z } from "zod";
import { topicChoices, topicKinds, type TopicChoice } from "./inputs";
import type { ChosenTopic } from "./queries";

/** What somebody chose for one topic, as the REST API shows it. */
export const topicResource = z.strictObject({
  topic: z.string().meta({ description: "Id of an article or a feed" }),
  choice: z.enum(topicChoices).nullable(),
});
export const listedTopicResource = topicResource.extend({ kind: z.enum(topicKinds), choice: z.enum(topicChoices), updatedAt: z.iso.datetime() });

export const topicResourceOf = (topic: string, choice: TopicChoice | null): z.output<typeof topicResource> => ({ topic, choice });

export const listedTopicResourceOf = ({ topic, kind, choice, updatedAt }: ChosenTopic): z.output<typeof listedTopicResource> => ({
  topic,
  kind,
  choice,
  updatedAt: updatedAt.toISOString(),
});
