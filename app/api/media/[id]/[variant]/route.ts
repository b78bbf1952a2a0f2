import { readQuery, route } from "@/lib/platform/route";
import { fetchMediaInput } from "@/lib/feed/media/requests/inputs";
import { mediaAddress } from "@/lib/feed/media/serving/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Asked each time a page shows it, so whoever lost access sees nothing more of it; the bytes come from the storage itself. */
export const GET = route<{ id: string; variant: string }>(async (request, { id, variant }) => {
  const member = await memberOfRequest(request, "media:read");
  const { download } = readQuery(request, fetchMediaInput);
  const address = await mediaAddress(member, id, variant, { download });
  return new Response(null, { status: 302, headers: { Location: address, "Cache-Control": "private, max-age=20", Vary: "Cookie, Authorization" } });
});
