"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";

export interface Toast {
  text: ReactNode;
  /** An undo, say. Keeps the toast for ten seconds instead of five. */
  action?: { label: string; run: () => void };
}

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** Says something in passing, politely: a screen reader finishes its sentence first, and focus stays where it is. */
export const useToast = () => use(ToastContext);

const staysMs = 5_000;
const staysWithActionMs = 10_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<(Toast & { key: number }) | null>(null);
  const [held, setHeld] = useState(false);
  const count = useRef(0);
  const t = useTranslations("common");

  const show = useCallback((next: Toast) => {
    count.current += 1;
    setToast({ ...next, key: count.current });
  }, []);

  useEffect(() => {
    if (!toast || held) return;
    const timer = setTimeout(() => setToast(null), toast.action ? staysWithActionMs : staysMs);
    return () => clearTimeout(timer);
  }, [toast, held]);

  return (
    <ToastContext value={show}>
      {children}
      <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-0 bottom-0 z-50 flex justify-center p-4 max-md:bottom-14">
        {toast && (
          <div
            key={toast.key}
            onMouseEnter={() => setHeld(true)}
            onMouseLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
            className="pointer-events-auto flex animate-[rise_160ms_ease-out] items-center gap-1 rounded-lg bg-ink py-1 pr-1 pl-4 text-sm text-canvas shadow-high"
          >
            <span className="py-1.5">{toast.text}</span>
            {toast.action && (
              <button
                type="button"
                className="ml-2 min-h-8 rounded-md px-2 font-semibold underline underline-offset-2"
                onClick={() => {
                  toast.action?.run();
                  setToast(null);
                }}
              >
                {toast.action.label}
              </button>
            )}
            <button type="button" aria-label={t("dismiss")} className="inline-flex size-8 items-center justify-center rounded-md" onClick={() => setToast(null)}>
              <X aria-hidden className="size-4" />
            </button>
          </div>
        )}
      </div>
    </ToastContext>
  );
}
