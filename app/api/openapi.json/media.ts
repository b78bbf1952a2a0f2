import type { Operation } from "@/lib/platform/openapi";
import { beginUploadInput, describeMediaInput, fetchMediaInput } from "@/lib/feed/media/requests/inputs";
import { mediaResource, quotaResource, uploadResource } from "@/lib/feed/media/mappings";

const noMedia = { 404: "No such media, or none that you may see" };
const noUpload = { 404: "No such upload of yours" };

/** Pictures, videos, sounds and files. Their bytes go straight to the storage and come straight from it. */
export const mediaOperations: Operation[] = [
  {
    method: "post",
    path: "/api/media",
    summary: "Begin an upload",
    description:
      "Promises room to it and answers a URL that takes exactly this many bytes for 15 minutes. PUT them there with the headers given, then complete the upload.",
    scope: "media:write",
    headers: ["Idempotency-Key"],
    body: beginUploadInput,
    success: { status: 201, description: "Where to put the bytes", schema: uploadResource, headers: ["Location"] },
    refusals: {
      409: "`QUOTA_FULL`, with `usedBytes`, `reservedBytes` and `quotaBytes`",
      410: "`UPLOAD_EXPIRED`: this Idempotency-Key began an upload that is over",
      503: "`STORAGE_UNAVAILABLE`",
    },
  },
  {
    method: "get",
    path: "/api/media/quota",
    summary: "Read what the media of your organization take",
    scope: "media:read",
    success: { status: 200, description: "In bytes", schema: quotaResource },
  },
  {
    method: "get",
    path: "/api/media/{id}",
    summary: "Read what is known of an upload",
    scope: "media:read",
    success: { status: 200, description: "The media; `state` becomes `ready` once its sizes are made", schema: mediaResource },
    refusals: noMedia,
  },
  {
    method: "patch",
    path: "/api/media/{id}",
    summary: "Describe your upload for those who cannot see it",
    scope: "media:write",
    body: describeMediaInput,
    success: { status: 200, description: "The media", schema: mediaResource },
    refusals: noUpload,
  },
  {
    method: "delete",
    path: "/api/media/{id}",
    summary: "Delete your upload",
    scope: "media:write",
    success: { status: 204, description: "Deleted" },
    refusals: { ...noUpload, 409: "An article shows it; `articles` names those that you may read" },
  },
  {
    method: "post",
    path: "/api/media/{id}/complete",
    summary: "Complete your upload",
    description: "Once the bytes are there. They are looked at, and refused when they are not what was announced. May be repeated.",
    scope: "media:write",
    success: { status: 200, description: "The media", schema: mediaResource },
    refusals: {
      ...noUpload,
      409: "`UPLOAD_INCOMPLETE`: nothing has arrived yet",
      410: "`UPLOAD_EXPIRED`",
      422: "`MEDIA_REFUSED`, with `refusal`",
      503: "`STORAGE_UNAVAILABLE`",
    },
  },
  {
    method: "get",
    path: "/api/media/{id}/{variant}",
    summary: "Fetch the bytes",
    description:
      "Redirects to an address in the storage that works for a minute, of videos and sounds for 15. Pictures have `thumb`, `medium`, `large` and `original`, all else `original` alone; a size that was not needed is answered by the next.",
    scope: "media:read",
    query: fetchMediaInput,
    success: { status: 302, description: "Where the bytes are", headers: ["Location"] },
    refusals: { ...noMedia, 503: "`STORAGE_UNAVAILABLE`" },
  },
];
