import { readJson, route } from "@/lib/platform/route";
import { registerDevice, rememberDevice } from "@/lib/notifications/devices/commands";
import { registerDeviceInput } from "@/lib/notifications/devices/inputs";
import { deviceResourceOf } from "@/lib/notifications/devices/mappings";
import { devicesHere } from "@/lib/notifications/devices/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "devices:read");
  return Response.json({ devices: (await devicesHere(member)).map(deviceResourceOf) });
});

/** No Idempotency-Key: the address is the key, and registering it again changes nothing but what is newly said of it. */
export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "devices:write");
  const input = await readJson(request, registerDeviceInput);
  const { device, created } = await registerDevice(member, input, request.headers.get("user-agent"));
  // With a token it is a program that registers on somebody's behalf, not the browser that asks.
  if (input.kind === "webpush" && !request.headers.has("authorization")) await rememberDevice(device.id);
  return Response.json(deviceResourceOf(device), { status: created ? 201 : 200, headers: created ? { Location: `/api/devices/${device.id}` } : {} });
});
