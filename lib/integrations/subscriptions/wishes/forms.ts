import type { FieldFault } from "@/lib/platform/errors";
import { filterLists, presetNames, presets, type FilterList } from "../choices/inputs";

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
};
const texts = (form: FormData, name: string) => form.getAll(name).flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));

/** Where a list is written by hand, between commas, because there are no scripts. */
export const typedName = (name: FilterList) => `${name}-typed`;

/** The form of a subscription as the input of one. */
export function subscriptionShape(form: FormData) {
  const list = (name: FilterList) => [...texts(form, name), ...text(form, typedName(name)).split(",").map((part) => part.trim()).filter(Boolean)];
  const target = text(form, "target");
  return {
    name: text(form, "name"),
    connectionId: text(form, "connectionId") || null,
    events: eventsOf(form),
    filter: { ...Object.fromEntries(filterLists.map((name) => [name, list(name)])), text: text(form, "text") },
    target,
    memberIds: target === "people" ? texts(form, "memberIds") : [],
    workspaceId: target === "workspace" ? text(form, "workspaceId") || null : null,
    endpointId: target === "endpoint" ? text(form, "endpointId") || null : null,
  };
}

function eventsOf(form: FormData): string[] {
  const preset = presetNames.find((name) => name === text(form, "preset"));
  if (preset === "all") return [];
  const plugin = text(form, "plugin");
  const known = preset && Object.hasOwn(presets, plugin) ? presets[plugin]?.[preset] : undefined;
  // A choice that this place does not have is no wish for everything, which an empty list would be.
  if (preset !== "custom") return [...(known ?? [""])];
  const ticked = texts(form, "events");
  // Nothing ticked is a slip, not a wish for everything.
  return ticked.length > 0 ? ticked : [""];
}

/** What is wrong within the filter stands at the filter's own fields. */
export const asFormFault = (fault: FieldFault): FieldFault => (fault.path[0] === "filter" && typeof fault.path[1] === "string" ? { ...fault, path: fault.path.slice(1) } : fault);
