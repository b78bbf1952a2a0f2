import { clsx } from "clsx";

/** Quiet hues, told apart without shouting; which one a person gets follows from their key, so it never changes. */
const hues = [
  "bg-[oklch(0.92_0.035_182)] text-[oklch(0.36_0.06_182)] dark:bg-[oklch(0.34_0.045_182)] dark:text-[oklch(0.88_0.05_182)]",
  "bg-[oklch(0.925_0.035_250)] text-[oklch(0.38_0.08_250)] dark:bg-[oklch(0.34_0.05_250)] dark:text-[oklch(0.88_0.05_250)]",
  "bg-[oklch(0.925_0.035_310)] text-[oklch(0.39_0.08_310)] dark:bg-[oklch(0.34_0.05_310)] dark:text-[oklch(0.88_0.05_310)]",
  "bg-[oklch(0.93_0.035_20)] text-[oklch(0.41_0.085_20)] dark:bg-[oklch(0.34_0.05_20)] dark:text-[oklch(0.88_0.05_20)]",
  "bg-[oklch(0.93_0.05_80)] text-[oklch(0.4_0.07_70)] dark:bg-[oklch(0.34_0.045_75)] dark:text-[oklch(0.89_0.06_80)]",
  "bg-[oklch(0.93_0.045_130)] text-[oklch(0.38_0.07_135)] dark:bg-[oklch(0.33_0.045_135)] dark:text-[oklch(0.88_0.06_130)]",
];

const sizes = { sm: "size-6 text-[0.625rem]", md: "size-8 text-xs", lg: "size-10 text-sm" };

interface Props {
  name: string;
  /** What is the same wherever the person appears: their address, or their name if there is nothing better. */
  id?: string;
  size?: keyof typeof sizes;
  className?: string;
}

/** Decorative: the name always stands beside it. */
export function Avatar({ name, id = name, size = "md", className }: Props) {
  return (
    <span
      aria-hidden="true"
      className={clsx("inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none", sizes[size], hueOf(id), className)}
    >
      {initialsOf(name)}
    </span>
  );
}

function hueOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hues[sum % hues.length] ?? "";
}

/** Ada Lovelace is AL; 김서연 is 서연, as Koreans abbreviate; ada@example.com is A. */
export function initialsOf(name: string): string {
  const trimmed = name.trim();
  if (/^[\uAC00-\uD7A3]{2,5}$/u.test(trimmed)) return trimmed.slice(-2);
  const words = trimmed.split("@")[0]?.split(/[\s._-]+/).filter(Boolean) ?? [];
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}
