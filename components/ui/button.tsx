import type { ComponentProps } from "react";
import { buttonStyle, type ButtonSize, type ButtonVariant } from "./button-style";

type Props = Omit<ComponentProps<"button">, "size"> & { variant?: ButtonVariant; size?: ButtonSize };

export function Button({ variant, size, className, type = "button", ...rest }: Props) {
  return <button type={type} className={buttonStyle(variant, size, className)} {...rest} />;
}
