/** Builds an element. Text is always text: nothing here takes HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const address = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Text with its web addresses as links that open elsewhere. */
export function withLinks(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    parts.push(text.slice(end, match.index), h("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

export const fullTime = (iso) => full.format(new Date(iso));

/** Today the time, before that the day. */
export function shortTime(iso) {
  const instant = new Date(iso);
  const text = instant.toDateString() === new Date().toDateString() ? timeOfDay.format(instant) : day.format(instant);
  return h("time", { datetime: iso, title: full.format(instant) }, text);
}

const statusWords = {
  scheduled: "scheduled",
  canceled: "canceled",
  bounced: "bounced",
  complained: "complaint",
  suppressed: "suppressed",
};

/** Only what is not simply delivered is worth a badge. */
export const statusBadge = (message) =>
  statusWords[message.lastEvent] ? h("span", { class: `badge ${message.lastEvent}` }, statusWords[message.lastEvent]) : null;

export async function askJson(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.message ?? `${path} answered ${response.status}`);
  return { body, headers: response.headers };
}
