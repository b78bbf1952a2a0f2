import { getTranslations } from "next-intl/server";
import { setTopicAction } from "@/lib/notifications/topics/actions";
import type { TopicChoice as Choice } from "@/lib/notifications/topics/inputs";
import { TopicButtons } from "./topic-buttons";

interface Props {
  organization: string;
  /** Id of an article or a feed. */
  topic: string;
  /** What its reader chose; null is the ordinary case (`topicChoice`). */
  choice: Choice | null;
}

/** Follow, hear as usual, or mute: one press each. Without scripts each button posts the form. */
export async function TopicChoice({ organization, topic, choice }: Props) {
  const kind = topic.startsWith("fed_") ? "feed" : "article";
  const t = await getTranslations(`preferences.topics.${kind}`);
  const words = await getTranslations("preferences.topics");
  return (
    <TopicButtons
      action={setTopicAction.bind(null, organization)}
      topic={topic}
      choice={choice}
      label={t("label")}
      words={{
        following: { name: words("following"), about: t("following") },
        ordinary: { name: words("ordinary"), about: t("ordinary") },
        muted: { name: words("muted"), about: t("muted") },
      }}
    />
  );
}
