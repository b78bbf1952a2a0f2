/** The pages work without this. With it they keep themselves up to date, and choosing an account needs no button. */
for (const field of document.querySelectorAll("select[data-submit]")) field.addEventListener("change", () => field.form.requestSubmit());

document.addEventListener("submit", (event) => {
  const { confirm: question } = event.target.dataset;
  if (question && !window.confirm(question)) event.preventDefault();
});

/** Regions hold what is only read; they are replaced in place, unless somebody is on a button in them. */
async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-region]")) {
    const next = fresh.querySelector(`[data-region="${old.dataset.region}"]`);
    if (!next || old.contains(document.activeElement)) continue;
    const open = [...old.querySelectorAll("details[open][id]")].map(({ id }) => id);
    old.replaceChildren(...next.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  }
}

if (document.querySelector("[data-region]")) {
  let waiting = 0;
  new EventSource("/_page/live").addEventListener("changed", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => undefined), 200);
  });
}
