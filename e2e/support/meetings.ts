import { expect, type APIRequestContext } from "@playwright/test";
import type { MeetingResource } from "@/lib/meetings/mappings";

const hourMs = 3_600_000;

/** A full hour that no other test of the run books: each call gives one later than the call before. */
let hoursAhead = 48 + Math.floor(Math.random() * 2_000);
export function freeHour(): { startsAt: string; endsAt: string } {
  hoursAhead += 3;
  const start = Math.ceil(Date.now() / hourMs) * hourMs + hoursAhead * hourMs;
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(start + hourMs).toISOString() };
}

export async function book(api: APIRequestContext, input: Record<string, unknown>): Promise<MeetingResource> {
  const response = await api.post("/api/meetings", { data: { ...freeHour(), timeZone: "Europe/Paris", ...input } });
  expect(response.status(), await response.text()).toBe(201);
  return (await response.json()) as MeetingResource;
}

export async function change(api: APIRequestContext, id: string, input: Record<string, unknown>): Promise<MeetingResource> {
  const response = await api.patch(`/api/meetings/${id}`, { data: input });
  expect(response.status(), await response.text()).toBe(200);
  return (await response.json()) as MeetingResource;
}

export async function read(api: APIRequestContext, id: string): Promise<MeetingResource> {
  const response = await api.get(`/api/meetings/${id}`);
  expect(response.status(), await response.text()).toBe(200);
  return (await response.json()) as MeetingResource;
}
