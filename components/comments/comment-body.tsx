"use client";

import { DocumentBody } from "@/components/articles/document";
import type { Words } from "./comment-calls";

interface Props {
  words: Words;
  people: Readonly<Record<string, string>>;
  organization: string;
}

export function CommentBody({ words: { document, text }, people, organization }: Props) {
  if (!document) return <p className="whitespace-pre-wrap wrap-anywhere">{text}</p>;
  return <DocumentBody variant="comment" document={document} people={new Map(Object.entries(people))} organization={organization} />;
}
