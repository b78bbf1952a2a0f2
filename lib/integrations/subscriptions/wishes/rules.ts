import type { FieldFault } from "@/lib/platform/errors";
import { describeFault } from "@/lib/platform/validation";
import type { EventFilter, SubscriptionInput } from "../inputs";

/** What a wish names, as the database knows it. */
export interface Known {
  /** The events of its connection, or of the product; null when there is no such connection. */
  events: readonly string[] | null;
  memberIds: ReadonlySet<string>;
  workspaceId: string | null;
  endpointId: string | null;
}

const fault = (path: FieldFault["path"], code: string): FieldFault => ({ path, code, detail: describeFault(code) });

/** What is wrong with a wish that its fields alone do not show. */
export function subscriptionFaults(input: SubscriptionInput, known: Known): FieldFault[] {
  const { connectionId, events, filter, target, memberIds } = input;
  return [
    ...(known.events === null ? [fault(["connectionId"], "unknown-connection")] : []),
    ...events.flatMap((event, index) => (known.events && !known.events.includes(event) ? [fault(["events", index], "unknown-event")] : [])),
    ...(connectionId === null && target !== "endpoint" ? [fault(["target"], "endpoints-only")] : []),
    ...(connectionId === null && !isEmpty(filter) ? [fault(["filter"], "filter-needs-connection")] : []),
    ...(target === "people" && memberIds.length === 0 ? [fault(["memberIds"], "required")] : []),
    ...(target === "people" ? memberIds.flatMap((id, index) => (known.memberIds.has(id) ? [] : [fault(["memberIds", index], "unknown-member")])) : []),
    ...(target === "workspace" && known.workspaceId === null ? [fault(["workspaceId"], input.workspaceId ? "unknown-workspace" : "required")] : []),
    ...(target === "endpoint" && known.endpointId === null ? [fault(["endpointId"], input.endpointId ? "unknown-endpoint" : "required")] : []),
  ];
}

export const isEmpty = ({ text, ...lists }: EventFilter) => text === "" && Object.values(lists).every((list) => list.length === 0);

/** Only what belongs to its target is kept, and nothing twice. */
export function tidied(input: SubscriptionInput): SubscriptionInput {
  const { target, filter } = input;
  return {
    ...input,
    events: [...new Set(input.events)],
    filter: { ...filter, ...eachOnce(filter) },
    memberIds: target === "people" ? [...new Set(input.memberIds)] : [],
    workspaceId: target === "workspace" ? input.workspaceId : null,
    endpointId: target === "endpoint" ? input.endpointId : null,
  };
}

const eachOnce = ({ text: _, ...lists }: EventFilter) => Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...new Set(list)]])) as Omit<EventFilter, "text">;
