import { z } from "zod";

/** No choice is the ordinary case. Usable in the browser. */
export const topicChoices = ["following", "muted"] as const;
export type TopicChoice = (typeof topicChoices)[number];

/** What somebody can follow or mute, by the kind of its identifier. */
export const topicKinds = ["article", "feed"] as const;
export type TopicKind = (typeof topicKinds)[number];

/** Null takes the choice back. */
export const putTopicInput = z.strictObject({
  choice: z
    .enum(topicChoices, "not-an-option")
    .nullable()
    .meta({ description: "`following`: you hear of every comment. `muted`: you hear only where you are mentioned. Null is the ordinary case" }),
});

/** A form's button: `ordinary` takes the choice back. */
export const topicFormInput = z.strictObject({
  topic: z.string("wrong-type").min(1, "required").max(64, "invalid"),
  choice: z.enum([...topicChoices, "ordinary"], "not-an-option").transform((choice) => (choice === "ordinary" ? null : choice)),
});
