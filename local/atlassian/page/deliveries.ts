import { seeOther, type Answer } from "../http";
import type { Delivery } from "../world/entities";
import { markup, type Markup } from "./markup";
import { show, when, type Visit } from "./visit";

const states: Delivery["state"][] = ["waiting", "held", "delivered", "lost", "dropped"];
const shown = 60;
const shownBodyBytes = 20_000;

/** What was sent to whom, how often, and what was answered. */
export function deliveriesPage(visit: Visit): Answer {
  const { engine, form, url } = visit;
  if (form) {
    const delivery = engine.store.get("deliveries", form.get("id") ?? "");
    if (form.get("act") === "resend" && delivery) engine.sender.again(delivery);
    if (form.get("act") === "release") engine.sender.release(engine.store.all("deliveries").filter(({ state }) => state === "held").map(({ id }) => id));
    if (form.get("act") === "retry") engine.sender.hurry();
    return seeOther(`/deliveries${url.search}`);
  }
  const wanted = url.searchParams.get("state");
  const all = engine.store.all("deliveries");
  const found = all.filter(({ state }) => wanted === null || state === wanted).toSorted((a, b) => b.created - a.created);
  return show(visit, "Deliveries", markup`<h1>Deliveries</h1>
    <nav class="filters" aria-label="State"><a href="/deliveries">all</a>${states.map((state) => markup`<a href="/deliveries?state=${state}">${state} (${all.filter((one) => one.state === state).length})</a>`)}</nav>
    <form method="post" class="inline"><button class="button" name="act" value="retry">Retry what waits, now</button><button class="button" name="act" value="release">Release what is held</button></form>
    <section class="card" data-region="deliveries"><h2>${found.length} ${found.length === 1 ? "delivery" : "deliveries"}</h2>
      ${found.length === 0 && markup`<p class="quiet">Nothing was sent yet. Make a webhook on a site, then change an issue.</p>`}
      <ul class="rows">${found.slice(0, shown).map((delivery) => row(visit, delivery))}</ul></section>`);
}

function row({ engine }: Visit, delivery: Delivery): Markup {
  const site = engine.store.get("sites", delivery.siteId);
  const waits = delivery.state === "waiting" && delivery.notBefore > engine.clock.life();
  return markup`<li><div class="line"><span><strong>${delivery.event}</strong> <span class="badge ${delivery.state}">${delivery.state}</span></span>${when(delivery.created)}
      <form method="post"><input type="hidden" name="id" value="${delivery.id}" /><button class="button" name="act" value="resend">Send again</button></form></div>
    <span class="quiet">${site?.name ?? ""} · ${delivery.kind} webhook ${delivery.matchedIds.join(", ") || delivery.hookId} · <span class="mono">${delivery.url}</span>${waits && markup` · next try ${when(engine.clock.told(delivery.notBefore))}`}</span>
    <details id="d-${delivery.id}"><summary>${delivery.tries.length} ${delivery.tries.length === 1 ? "try" : "tries"}${delivery.tries.at(-1) && `, last answered ${delivery.tries.at(-1)?.status ?? delivery.tries.at(-1)?.error ?? ""}`}</summary>
      ${delivery.tries.map((made) => markup`<p class="quiet">${made.at} · ${made.tookMs} ms · ${made.status ?? made.error}</p>
        <pre tabindex="0">${Object.entries(made.headers).map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>${made.answer && markup`<pre tabindex="0">${made.answer}</pre>`}`)}
      <p class="quiet">Body, ${Buffer.byteLength(delivery.body)} bytes</p><pre tabindex="0">${delivery.body.slice(0, shownBodyBytes)}</pre></details></li>`;
}
