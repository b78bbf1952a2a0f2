import type { ReactNode } from "react";
import { Logo } from "./logo";

/** A page of one thing to say or do: signing in, answering from a mail, something missing. */
export function PlainPage({ title, children, wide = false }: { title: ReactNode; children: ReactNode; wide?: boolean }) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto flex min-h-dvh w-full flex-col px-4 pt-10 pb-16 outline-none sm:pt-[14vh]">
      <div className={`mx-auto w-full ${wide ? "max-w-2xl" : "max-w-md"}`}>
        <Logo />
        <h1 className="mt-8 text-2xl font-semibold">{title}</h1>
        <div className="mt-3">{children}</div>
      </div>
    </main>
  );
}
