import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { documentInput } from "@/lib/feed/document/inputs";
import { saveDraftInput } from "@/lib/feed/drafts/inputs";
import { findPeopleInput } from "@/lib/feed/mentions/inputs";
import { mentionablePerson } from "@/lib/feed/mentions/mappings";

const notYours = { 403: "`FORBIDDEN`: somebody else is writing it", 404: "No such article for you", 410: "`ARTICLE_GONE`: it was deleted" };

export const writingOperations: Operation[] = [
  {
    method: "get",
    path: "/api/articles/{id}/draft",
    summary: "Read your draft of an article",
    description: "What you are writing in it, or what readers see while you have changed nothing; its `revision` is 0 then.",
    scope: "articles:read",
    success: {
      status: 200,
      description: "The draft",
      schema: z.strictObject({
        title: z.string(),
        document: documentInput,
        coverId: z.string().nullable(),
        revision: z.int(),
        basedOn: z.int().meta({ description: "The version of the article that it was begun on" }),
        tab: z.string().nullable(),
        updatedAt: z.iso.datetime().nullable(),
      }),
    },
    refusals: notYours,
  },
  {
    method: "put",
    path: "/api/articles/{id}/draft",
    summary: "Save your draft of an article",
    description: "What an editor does while somebody types: nobody else sees it. `revision` is the one that this save stands on; what is stored already may be sent again.",
    scope: "articles:write",
    body: saveDraftInput,
    success: { status: 200, description: "The revision that holds it", schema: z.strictObject({ revision: z.int(), savedAt: z.iso.datetime() }) },
    refusals: {
      ...notYours,
      400: "The body is not JSON",
      409: "`EDIT_CONFLICT`: saved from elsewhere meanwhile; `revision`, `title`, `document` and `coverId` are what is stored",
      413: "The body is larger than 1 MB",
      415: "The body is not application/json",
    },
  },
  {
    method: "delete",
    path: "/api/articles/{id}/draft",
    summary: "Throw away your draft of an article",
    description: "An article that was never published goes with it; of one that was, readers keep their version.",
    scope: "articles:write",
    success: { status: 204, description: "It is gone" },
    refusals: notYours,
  },
  {
    method: "get",
    path: "/api/articles/{id}/people",
    summary: "Find people to mention",
    description: "Who reads along in the workspaces of the article, by name; at most eight.",
    scope: "articles:read",
    query: findPeopleInput,
    success: { status: 200, description: "The people", schema: z.strictObject({ people: z.array(mentionablePerson) }) },
    refusals: { 404: "No such article for you", 410: "`ARTICLE_GONE`: it was deleted" },
  },
];
