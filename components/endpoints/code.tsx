/** Text to be read letter by letter; it scrolls in its own frame, by keyboard too. */
export const Code = ({ label, text }: { label: string; text: string }) => (
  <pre tabIndex={0} role="group" aria-label={label} className="scroll-quiet mt-1 max-h-96 overflow-auto rounded-lg border border-line bg-sunken p-3 text-xs whitespace-pre-wrap break-all">
    {text}
  </pre>
);
