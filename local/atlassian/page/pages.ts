import type { Engine } from "../engine";
import { Answer, seeOther, type Exchange } from "../http";
import { asset } from "./assets";
import { homePage, issuePage, projectPage, sitePage } from "./browse";
import { controlsPage } from "./controls";
import { deliveriesPage } from "./deliveries";
import { subscribe } from "./live";
import { become, pathOf, siteOfVisit, visitOf, type Visit } from "./visit";
import { webhooksPage } from "./webhooks";

/** The pages for people. */
export async function answerPages(engine: Engine, exchange: Exchange, body: Buffer): Promise<Answer> {
  const { request, path } = exchange;
  if (!["GET", "HEAD", "POST"].includes(request.method ?? "")) return new Answer(405, { message: "Method Not Allowed" });
  if (path[0] === "_page" && path[1] === "live") return subscribe(engine, exchange);
  if (path[0] === "_page" && path[1] !== "as") return asset(path[1] ?? "");
  const visit = visitOf(engine, exchange, body);
  if (path[0] === "_page") return become(visit);
  return (await pageOf(visit)) ?? new Answer(404, { message: "Not found" });
}

async function pageOf(visit: Visit): Promise<Answer | null> {
  const [first, , kind] = visit.path;
  if (first === undefined) return homePage(visit);
  if (visit.path.length === 1 && first === "deliveries") return deliveriesPage(visit);
  if (visit.path.length === 1 && first === "controls") return controlsPage(visit);
  if (first !== "sites") return null;
  switch (kind) {
    case undefined:
      return sitePage(visit);
    case "projects":
      return projectPage(visit);
    case "browse":
      return issuePage(visit);
    case "webhooks":
      return webhooksPage(visit);
    case "plugins":
      // Where Jira Cloud has them; applications link to it.
      return visit.path.slice(3).join("/") === "servlet/webhooks" ? seeOther(pathOf(siteOfVisit(visit), "/webhooks")) : null;
    default:
      return null;
  }
}
