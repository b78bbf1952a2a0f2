import { askJson, h } from "./dom.js";

const modes = [
  ["ok", "Off", "Everything is accepted."],
  ["rate-limit", "Rate limit", "429 with Retry-After; nothing is kept."],
  ["server-error", "Server error", "500; nothing is kept."],
  ["slow", "Slow", "Waits, then accepts."],
  ["drop-after-accept", "Drop after accepting", "Keeps the mail, then cuts the connection without an answer."],
  ["drop-before-accept", "Drop before accepting", "Cuts the connection; nothing is kept."],
  ["refuse", "Refuse", "422; not worth trying again."],
];

/** The dialog that makes sending go wrong on purpose, and the button that shows whether it does. */
export function prepareControl(button, dialog) {
  const field = (name, label, attributes) => h("label", { class: "field" }, label, h("input", { name, ...attributes }));
  const problem = h("p", { class: "problem", role: "alert" });
  const form = h("form", { method: "dialog", novalidate: true },
    h("h2", { id: "control-title" }, "What happens to the next sends"),
    h("fieldset", {}, h("legend", { class: "visually-hidden" }, "Mode"),
      modes.map(([mode, label, meaning]) =>
        h("label", { class: "choice" }, h("input", { type: "radio", name: "mode", value: mode }),
          h("span", {}, h("strong", {}, label), h("span", { class: "quiet" }, meaning))))),
    h("div", { class: "fields" },
      field("count", "How often (empty: always)", { type: "number", min: "1" }),
      field("delayMs", "Delay in ms", { type: "number", min: "0", placeholder: "5000" }),
      field("retryAfterSeconds", "Retry after, s", { type: "number", min: "0", placeholder: "1" }),
      field("to", "Only to", { type: "text", placeholder: "anyone", autocomplete: "off" })),
    problem,
    h("div", { class: "actions" }, h("button", { class: "button", value: "cancel", type: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { class: "button primary", type: "submit" }, "Apply")),
  );
  dialog.append(form);

  const show = (state) => {
    const label = modes.find(([mode]) => mode === state.mode)?.[1] ?? state.mode;
    button.textContent = state.mode === "ok" ? "Failures: off" : `Failures: ${label.toLowerCase()}`;
    button.classList.toggle("active", state.mode !== "ok");
    if (dialog.open) return;
    form.elements.mode.value = state.mode;
    for (const name of ["count", "delayMs", "retryAfterSeconds"]) form.elements[name].value = state[name] ?? "";
    form.elements.to.value = state.match?.to ?? "";
  };
  const load = async () => {
    try {
      show((await askJson("/control")).body);
    } catch {
      button.textContent = "Failures: unknown";
    }
  };
  button.addEventListener("click", () => {
    problem.textContent = "";
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const rule = { mode: form.elements.mode.value };
    for (const name of ["count", "delayMs", "retryAfterSeconds"]) {
      if (form.elements[name].value !== "") rule[name] = Number(form.elements[name].value);
    }
    if (form.elements.to.value.trim()) rule.match = { to: form.elements.to.value.trim() };
    try {
      const { body } = await askJson("/control", { method: "POST", body: JSON.stringify(rule) });
      dialog.close();
      show(body);
    } catch (error) {
      problem.textContent = error.message;
    }
  });
  return { load };
}
