/** The languages of the product; the first is what is spoken when nothing better is known. */
export const locales = ["en", "ko", "fr"] as const;
export type Locale = (typeof locales)[number];

/** Each language named in itself, for people who cannot read the one on the screen. */
export const localeNames: Record<Locale, string> = { en: "English", ko: "한국어", fr: "Français" };

export const localeCookie = "moim-locale";

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** A stored or foreign language tag as one of ours: `ko-KR` is `ko`, what we do not speak is English. */
export function toLocale(tag: string | null | undefined): Locale {
  const language = tag?.toLowerCase().split(/[-_]/)[0];
  return isLocale(language) ? language : "en";
}

/** The best of our languages for an Accept-Language header (RFC 9110, 12.5.4). */
export function negotiateLocale(header: string | null): Locale {
  const wishes = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.toLowerCase().split("-")[0] ?? "", quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes.map(({ language }) => language).find(isLocale) ?? "en";
}
