import { readJson, route } from "@/lib/platform/route";
import { changeDevice, revokeDevice } from "@/lib/notifications/devices/commands";
import { changeDeviceInput } from "@/lib/notifications/devices/inputs";
import { deviceResourceOf } from "@/lib/notifications/devices/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "devices:write");
  return Response.json(deviceResourceOf(await changeDevice(member, id, await readJson(request, changeDeviceInput))));
});

export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "devices:write");
  await revokeDevice(member, id);
  return new Response(null, { status: 204 });
});
