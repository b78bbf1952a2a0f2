import { actorIn, factsIn } from "./article";
import { titleOf } from "./news-words";
import type { Template } from "./template";

/** No mail: a like is nobody's mail. */
export const articleLiked: Template<never> = {
  mail: null,
  push: (_, reader, matter) => {
    const facts = factsIn(matter);
    return { title: titleOf(facts, reader), body: reader.push("article.liked", { actor: actorIn(facts, reader) }), discreet: reader.push("article.likedDiscreet") };
  },
};
