/** No choice is the ordinary case. Usable in the browser. */
export const topicChoices = ["following", "muted"] as const;
export type TopicChoice = (typeof topicChoices)[number];
