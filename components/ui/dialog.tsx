"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
}

/** The platform's modal dialog: it traps focus, closes on Escape, and gives focus back to where it came from. */
export function Dialog({ open, onClose, title, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Asked for by the page's address, it stands open in the HTML, so that it can be answered without scripts.
  const [openAtFirst] = useState(open);
  const heading = useId();
  const t = useTranslations("common");

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.matches(":modal")) {
      element.removeAttribute("open");
      element.showModal();
    }
    if (!open && element.open) element.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      open={openAtFirst || undefined}
      aria-labelledby={heading}
      onClose={onClose}
      // A click on the backdrop lands on the dialog itself; one inside lands on its content.
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="fixed inset-0 z-50 m-auto h-fit max-h-[85dvh] w-[min(32rem,calc(100vw-2rem))] overflow-y-auto rounded-2xl border border-line bg-surface p-0 shadow-high max-sm:mb-4"
    >
      {open && (
        <div className="p-5">
          <div className="flex items-start justify-between gap-4">
            <h2 id={heading} className="text-lg font-semibold">
              {title}
            </h2>
            <button
              type="button"
              onClick={onClose}
              aria-label={t("close")}
              className="no-js:hidden -mt-1.5 -mr-1.5 inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-ink-muted hover:bg-hover hover:text-ink"
            >
              <X aria-hidden className="size-5" />
            </button>
          </div>
          <div className="mt-3">{children}</div>
        </div>
      )}
    </dialog>
  );
}
