import { fullTime, h, statusBadge, withLinks } from "./dom.js";

export const tabNames = ["html", "text", "calendar", "headers", "attachments", "raw"];
const tabWords = { html: "HTML", text: "Text", calendar: "Calendar", headers: "Headers", attachments: "Attachments", raw: "Raw" };
const panels = { html: htmlPanel, text: textPanel, calendar: calendarPanel, headers: headersPanel, attachments: attachmentsPanel, raw: rawPanel };

export function messageView(message, wantedTab) {
  const tabs = tabNames.filter((name) => has(message, name));
  const tab = tabs.includes(wantedTab) ? wantedTab : tabs[0];
  return h("article", { class: "message" },
    h("a", { class: "back", href: "#/" }, "← All messages"),
    h("header", {}, h("h1", {}, message.subject, " ", statusBadge(message)), facts(message)),
    tabList(message, tabs, tab),
    h("div", { class: "panel", role: "tabpanel", id: "panel", "aria-labelledby": `tab-${tab}`, tabindex: "0" }, panels[tab](message)),
  );
}

const has = (message, name) =>
  ({ html: Boolean(message.html), text: Boolean(message.text), calendar: message.calendar !== null, attachments: message.attachments.length > 0 })[name] ?? true;

function tabList(message, tabs, current) {
  const label = (name) => (name === "attachments" ? `${tabWords[name]} (${message.attachments.length})` : tabWords[name]);
  return h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the message", onkeydown: moveBetweenTabs },
    tabs.map((name) =>
      h("a", {
        role: "tab", id: `tab-${name}`, href: `#/message/${message.id}/${name}`, "aria-controls": "panel",
        "aria-selected": String(name === current), tabindex: name === current ? "0" : "-1",
      }, label(name)),
    ),
  );
}

/** The arrow keys move and choose at once, as the tabs pattern of ARIA has it. */
function moveBetweenTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const tabs = [...event.currentTarget.children];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  event.preventDefault();
  addEventListener("hashchange", () => setTimeout(focusWhenDrawn, 0, next.id), { once: true });
  next.click();
}

function focusWhenDrawn(id, attempts = 20) {
  const tab = document.getElementById(id);
  if (tab?.getAttribute("aria-selected") === "true") tab.focus();
  else if (attempts > 0) setTimeout(focusWhenDrawn, 25, id, attempts - 1);
}

function facts(message) {
  const rows = [
    ["From", message.from],
    ["To", message.to.join(", ")],
    ["Cc", message.cc.join(", ")],
    ["Bcc", message.bcc.join(", ")],
    ["Reply to", message.replyTo.join(", ")],
    ["Accepted", fullTime(message.createdAt)],
    [message.lastEvent === "scheduled" ? "Scheduled" : "Was scheduled", message.scheduledAt && fullTime(message.scheduledAt)],
    ["Tags", message.tags.map(({ name, value }) => `${name}=${value}`).join(", ")],
    ["Idempotency key", message.idempotencyKey],
  ];
  return h("dl", { class: "facts" }, rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function htmlPanel(message) {
  return h("iframe", {
    class: "frame", title: "HTML of the message", src: `/messages/${message.id}/html`, referrerpolicy: "no-referrer",
    sandbox: "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
  });
}

function textPanel(message) {
  return h("pre", { class: "text" }, withLinks(message.text ?? ""));
}

const methodWords = { REQUEST: "invitation or update", CANCEL: "cancellation", REPLY: "answer", PUBLISH: "event to keep", COUNTER: "other time proposed" };

function calendarPanel(message) {
  const { method, events, problem } = message.calendarSummary;
  return h("div", { class: "calendar" },
    problem && h("p", { class: "problem" }, `This calendar part cannot be read: ${problem}`),
    method && h("p", {}, h("span", { class: "badge method" }, method), " ", methodWords[method] ?? ""),
    events.map(eventCard),
    h("h2", {}, "As sent"),
    h("pre", { class: "text" }, message.calendar),
  );
}

function eventCard(event) {
  const when = [event.start, event.end].filter(Boolean).join(" – ");
  const rows = [
    ["When", event.timeZone ? `${when} (${event.timeZone})` : when],
    ["Repeats", event.recurrence],
    ["Where", event.location],
    ["Organizer", event.organizer],
    ["Status", event.status],
    ["Sequence", String(event.sequence)],
    ["UID", event.uid],
    ["Description", event.description],
  ];
  return h("section", { class: "card" },
    h("h2", {}, event.summary || "(no title)"),
    h("dl", { class: "facts" }, rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, withLinks(value))])),
    event.attendees.length > 0 && h("ul", { class: "attendees" }, event.attendees.map((attendee) =>
      h("li", {}, attendee.name ? `${attendee.name} <${attendee.address}>` : attendee.address, " ",
        h("span", { class: "badge" }, (attendee.partstat ?? "NEEDS-ACTION").toLowerCase())))),
  );
}

function headersPanel(message) {
  const given = Object.entries(message.headers);
  const panel = h("div", {},
    h("h2", {}, "Given by the sender"),
    given.length > 0
      ? h("dl", { class: "facts" }, given.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))
      : h("p", { class: "quiet" }, "No headers of its own."),
    h("h2", {}, "As it travels"),
  );
  const pre = h("pre", { class: "text" }, "Loading…");
  panel.append(pre);
  void loadRaw(message).then((raw) => { pre.textContent = raw.split(/\r?\n\r?\n/, 1)[0]; });
  return panel;
}

function attachmentsPanel(message) {
  return h("ul", { class: "files" }, message.attachments.map((file) =>
    h("li", {},
      h("a", { href: `/messages/${message.id}/attachments/${file.id}`, download: file.filename }, file.filename),
      h("span", { class: "quiet" }, `${file.contentType} · ${readableSize(file.size)}${file.contentId ? ` · inline, cid:${file.contentId}` : ""}`))));
}

function rawPanel(message) {
  const pre = h("pre", { class: "text raw", tabindex: "0" }, "Loading…");
  void loadRaw(message).then((raw) => { pre.textContent = raw; });
  return h("div", {}, h("p", {}, h("a", { class: "button", href: `/messages/${message.id}/raw` }, "Download .eml")), pre);
}

const loadRaw = async (message) => {
  const response = await fetch(`/messages/${message.id}/raw?view`);
  return response.ok ? response.text() : "The message could not be loaded.";
};

const readableSize = (bytes) => (bytes < 1_024 ? `${bytes} B` : bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

/** What stands beside the list while nothing is chosen: with an empty mailbox, how to fill it. */
export function emptyDetail() {
  const origin = location.origin;
  return h("div", { class: "empty" },
    h("div", { class: "when-empty" },
      h("h2", {}, "No mail yet"),
      h("p", {}, "What the app sends appears here the moment it is sent: invitations, sign-in links, reminders. Point the Resend client of any program to this address:"),
      h("pre", { class: "text" }, `RESEND_BASE_URL=${origin}\nRESEND_API_KEY=the key this engine was started with`),
      h("p", {}, "Tests read the same mailbox as JSON: ", h("a", { href: "/messages?limit=10" }, "/messages?to=ana@example.com"), "."),
      h("p", {}, "Use “Failures” above to see how a sender copes with a mail service that is slow, down or forgetful."),
    ),
    h("p", { class: "when-full" }, "Choose a message. ", h("kbd", {}, "/"), " searches."),
  );
}
