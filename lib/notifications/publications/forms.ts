import { Temporal } from "temporal-polyfill";
import type { FieldFault } from "@/lib/platform/errors";

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};
const texts = (form: FormData, name: string) => form.getAll(name).filter((value) => typeof value === "string");

/** Addresses as people paste them: with commas, semicolons, spaces or one a line. */
const addressesIn = (pasted: string) => pasted.split(/[\s,;]+/).filter(Boolean);

/** A publication out of its form. Only the chosen kind of audience counts, so that what was ticked before a change of mind does not. */
export function publishShape(form: FormData, template: string, timeZone: string): Record<string, unknown> {
  const audience = text(form, "audience");
  const variables = [...form].flatMap(([name, value]) => (name.startsWith("variable.") && typeof value === "string" && value.trim() !== "" ? [[name.slice("variable.".length), value.replace(/\r\n?/g, "\n")]] : []));
  return {
    template,
    audience: {
      everyone: audience === "everyone",
      workspaces: audience === "workspaces" ? texts(form, "workspaces") : [],
      roles: audience === "roles" ? texts(form, "roles") : [],
      emails: audience === "people" ? addressesIn(text(form, "people")) : [],
    },
    variables: Object.fromEntries(variables),
    channels: texts(form, "channels"),
    ...(text(form, "when") === "later" ? { sendAt: instantOf(text(form, "sendAt"), timeZone) } : {}),
  };
}

/** The instant of a wall-clock time in the zone of whoever wrote it; as it stands when it is none, to be refused by its schema. */
function instantOf(wallClock: string, timeZone: string): string {
  try {
    return Temporal.PlainDateTime.from(wallClock).toZonedDateTime(timeZone).toInstant().toString();
  } catch {
    return wallClock;
  }
}

/** Puts a fault where the form has its field. */
export function asPublishFault(fault: FieldFault): FieldFault {
  const [head, second] = fault.path;
  if (head === "variables" && second !== undefined) return { ...fault, path: [`variable.${second}`] };
  if (head === "audience" && second !== undefined) return { ...fault, path: [second === "emails" ? "people" : String(second)] };
  return { ...fault, path: [String(head ?? "")] };
}
