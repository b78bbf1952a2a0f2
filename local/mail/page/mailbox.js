import { prepareControl } from "./control.js";
import { askJson, h, shortTime, statusBadge } from "./dom.js";
import { emptyDetail, messageView, tabNames } from "./message.js";

const pageSize = 50;
const pollMs = 5_000;
const typingPauseMs = 150;

const find = (id) => document.getElementById(id);
const [list, detail, search, count, older] = ["messages", "detail", "search", "count", "older"].map(find);

let shown = [];
let shownMessage = "";
let asking = new AbortController();

/** `#/message/<id>/<tab>` */
function place() {
  const [, page, id, tab] = location.hash.split("/");
  return page === "message" && id ? { id, tab: tabNames.includes(tab) ? tab : null } : { id: null, tab: null };
}

async function loadList({ more = false } = {}) {
  asking.abort();
  asking = new AbortController();
  const query = new URLSearchParams({ fields: "summary", limit: String(more ? pageSize : Math.max(pageSize, shown.length)) });
  if (search.value.trim()) query.set("q", search.value);
  if (more && shown.length > 0) query.set("after", shown.at(-1).id);
  try {
    const { body, headers } = await askJson(`/messages?${query}`, { signal: asking.signal });
    shown = more ? [...shown, ...body] : body;
    older.hidden = headers.get("x-has-more") !== "true";
    renderList(Number(headers.get("x-total-count")));
  } catch (error) {
    if (error.name !== "AbortError") count.textContent = `The mail engine does not answer: ${error.message}`;
  }
}

function renderList(total) {
  const searching = search.value.trim() !== "";
  count.textContent = total === 0 ? "" : `${total} ${total === 1 ? "message" : "messages"}${searching ? " found" : ""}`;
  document.body.classList.toggle("is-empty", total === 0 && !searching);
  const selected = place().id;
  const focused = document.activeElement?.closest?.(".messages a")?.getAttribute("href");
  list.replaceChildren(...shown.map((message) => item(message, message.id === selected)));
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  if (total === 0 && searching) list.append(h("li", { class: "nothing" }, "Nothing matches. Try a part of an address or of a subject."));
}

function item(message, selected) {
  const others = message.to.length + message.cc.length + message.bcc.length - 1;
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#/message/${message.id}`, "aria-current": selected ? "true" : undefined },
      h("span", { class: "line" }, h("span", { class: "who" }, message.to[0] ?? ""), shortTime(message.createdAt)),
      h("span", { class: "line" },
        h("span", { class: "subject" }, message.subject),
        h("span", { class: "marks" },
          others > 0 && h("span", { class: "mark", title: `and ${others} more` }, `+${others}`),
          message.hasCalendar && h("span", { class: "mark" }, "calendar"),
          message.attachmentCount > Number(message.hasCalendar) && h("span", { class: "mark" }, "files"),
          statusBadge(message),
        ),
      ),
    ),
  );
}

async function loadDetail() {
  const { id, tab } = place();
  document.body.classList.toggle("has-message", id !== null);
  for (const link of list.querySelectorAll("a")) {
    if (link.getAttribute("href") === `#/message/${id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (id === null) {
    shownMessage = "";
    detail.replaceChildren(emptyDetail());
    document.title = "Mail on this machine";
    return;
  }
  try {
    const { body } = await askJson(`/messages/${encodeURIComponent(id)}`);
    if (place().id !== id) return;
    // An unchanged message stays as it is: drawing it again would reload its frame under the reader's eyes.
    const version = `${id} ${body.lastEvent} ${body.scheduledAt}`;
    if (shownMessage === version && detail.dataset.tab === (tab ?? "")) return;
    shownMessage = version;
    detail.dataset.tab = tab ?? "";
    detail.replaceChildren(messageView(body, tab));
    document.title = `${body.subject} · Mail`;
  } catch {
    shownMessage = "";
    detail.replaceChildren(h("div", { class: "empty" }, h("h2", {}, "This message is gone"),
      h("p", {}, "It was cleared, or newer mail has taken its place."), h("p", {}, h("a", { href: "#/" }, "Back to the list"))));
  }
}

function refresh() {
  void loadList();
  if (place().id !== null) void loadDetail();
}

/** Live by server-sent events; while they are broken, by asking now and then. */
function watch() {
  let pause;
  const events = new EventSource("/live");
  events.addEventListener("changed", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      refresh();
      void control.load();
    }, 100);
  });
  events.addEventListener("open", refresh);
  setInterval(() => {
    if (events.readyState !== EventSource.OPEN) refresh();
  }, pollMs);
}

const control = prepareControl(find("open-control"), find("control"));

let typing;
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    shown = [];
    void loadList();
  }, typingPauseMs);
});
search.form.addEventListener("submit", (event) => event.preventDefault());
older.addEventListener("click", () => void loadList({ more: true }));
addEventListener("hashchange", () => {
  void loadDetail();
  if (matchMedia("(max-width: 55rem)").matches) scrollTo(0, 0);
});

const confirmClear = find("confirm-clear");
find("clear").addEventListener("click", () => {
  confirmClear.returnValue = "";
  confirmClear.showModal();
});
confirmClear.addEventListener("close", async () => {
  if (confirmClear.returnValue !== "clear") return;
  await fetch("/messages", { method: "DELETE" });
  location.hash = "#/";
  refresh();
});

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  event.preventDefault();
  search.focus();
});

void loadList();
void loadDetail();
void control.load();
watch();
