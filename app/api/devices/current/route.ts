import { readJson, route } from "@/lib/platform/route";
import { bringDeviceHere, rememberDevice } from "@/lib/notifications/devices/commands";
import { currentDeviceInput } from "@/lib/notifications/devices/inputs";
import { deviceResourceOf } from "@/lib/notifications/devices/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

/** A browser says which organization is open on it now. */
export const PUT = route(async (request) => {
  const member = await memberOfRequest(request, "devices:write");
  const device = await bringDeviceHere(member, await readJson(request, currentDeviceInput));
  if (!request.headers.has("authorization")) await rememberDevice(device.id);
  return Response.json(deviceResourceOf(device));
});
