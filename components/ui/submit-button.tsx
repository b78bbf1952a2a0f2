"use client";

import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "next-intl";
import { buttonStyle, type ButtonSize, type ButtonVariant } from "./button-style";
import { useFormContext } from "./form-context";

interface Props {
  children: ReactNode;
  variant?: ButtonVariant;
  size?: ButtonSize;
  className?: string;
  /** Sent with the form when this button is the one pressed. */
  name?: string;
  value?: string;
  "aria-pressed"?: boolean;
}

/** Stays focusable while the form is under way (`aria-disabled`, not `disabled`), so that focus is not lost. */
export function SubmitButton({ children, variant = "primary", size, className, ...rest }: Props) {
  const { pending } = useFormContext();
  const t = useTranslations("common");
  return (
    <button type="submit" aria-disabled={pending || undefined} className={buttonStyle(variant, size, className)} {...rest}>
      {pending && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
      {pending && <span className="sr-only">{t("working")}</span>}
    </button>
  );
}
