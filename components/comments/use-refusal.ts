"use client";

import { useTranslations } from "next-intl";

/** The sentence of a code that the server refused something with, whatever it is. */
export function useRefusal(): (code: string) => string {
  const t = useTranslations("refusals");
  return (code) => t(t.has(code as "INVALID") ? (code as "INVALID") : "UNEXPECTED");
}
