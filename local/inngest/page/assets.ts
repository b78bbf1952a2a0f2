export const CSS = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#16181d, #e8eaf0); --quiet: light-dark(#5a6070, #9aa1b2); --line: light-dark(#dfe2e9, #2c313c);
  --paper: light-dark(#f6f7f9, #111318); --card: light-dark(#fff, #191c23); --accent: light-dark(#2f4ee0, #9db0ff);
  --good: light-dark(#106b3c, #62d495); --bad: light-dark(#b3221b, #ff938c); --busy: light-dark(#7a4b00, #f0b95c);
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--accent); }
header { border-bottom: 1px solid var(--line); background: var(--card); }
header > div, main, .notice { max-width: 68rem; margin: 0 auto; padding: .75rem 1rem; }
header > div { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; }
header strong { font-size: 1.05rem; }
nav { display: flex; gap: 1rem; }
nav a { color: inherit; text-decoration: none; padding: .25rem 0; border-bottom: 2px solid transparent; }
nav a[aria-current] { border-color: var(--accent); font-weight: 600; }
.notice { color: var(--bad); white-space: pre-wrap; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: 1rem 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
.quiet { color: var(--quiet); }
.cards { display: grid; gap: .5rem; padding: 0; margin: 0; list-style: none; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: .15rem .9rem; align-items: baseline; }
.row > :first-child { flex: 1 1 12rem; min-width: 0; overflow-wrap: anywhere; }
.status { font-weight: 600; font-size: .85rem; }
.completed, .done { color: var(--good); } .failed { color: var(--bad); } .running, .pending, .queued { color: var(--busy); }
.cancelled, .abandoned, .inactive { color: var(--quiet); }
pre { margin: .4rem 0 0; padding: .6rem .75rem; overflow: auto; max-height: 24rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: .375rem; font: 12.5px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; }
form.bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 0 0 1rem; }
form.stack { display: grid; gap: .6rem; max-width: 40rem; }
label { display: grid; gap: .15rem; font-size: .85rem; color: var(--quiet); min-width: 0; }
input, select, textarea, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .375rem; padding: .4rem .6rem; max-width: 100%; }
textarea { font: 13px/1.45 ui-monospace, monospace; min-height: 7rem; }
button { cursor: pointer; background: var(--ink); color: var(--paper); border-color: var(--ink); justify-self: start; }
button.plain { background: transparent; color: inherit; border-color: var(--line); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.actions { display: flex; gap: .5rem; margin: .75rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
dt { color: var(--quiet); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
`;

/** Times in the reader's own zone, and pages of running things that stay current; everything works without it. */
export const SCRIPT = `
"use strict";
const localTimes = (root) => {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    time.textContent = at.toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });
    time.title = time.dateTime;
  }
};
localTimes(document);
const refresh = async () => {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  if (!document.hidden && !live.contains(document.activeElement) && getSelection().isCollapsed) {
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      const next = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-live]");
      if (next) {
        const open = new Set([...live.querySelectorAll("details[open][id]")].map((details) => details.id));
        for (const details of next.querySelectorAll("details[id]")) details.open = open.has(details.id);
        localTimes(next);
        live.replaceWith(next);
      } else if (response.ok) location.reload();
    } catch { /* The engine is away; the next turn asks again. */ }
  }
  setTimeout(refresh, 2000);
};
setTimeout(refresh, 2000);
`;
