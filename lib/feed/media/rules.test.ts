import { describe, expect, test } from "vitest";
import { kindOfType, plainType } from "./inputs";
import { cleanFileName, downloadName, mediaOfKey, nearestVariant, servedType, sourceKey, verdictOf } from "./rules";

describe("a file's name", () => {
  test.each([
    ["report.pdf", "report.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ada\\plan.docx", "plan.docx"],
    ["photo\u202Egpj.exe", "photogpj.exe"],
    ["a\u0000b\r\nSet-Cookie: c.txt", "abSet-Cookie: c.txt"],
    ["  .hidden", "hidden"],
    ["...", "file"],
    ["", "file"],
    ["회의록.hwp".normalize("NFD"), "회의록.hwp"],
    ["dir/", "file"],
  ])("%j becomes %j", (given, kept) => expect(cleanFileName(given)).toBe(kept));

  test("keeps its ending when it is cut, and breaks no letter in two", () => {
    const cut = cleanFileName(`${"😀".repeat(400)}.jpeg`);
    expect([...cut]).toHaveLength(200);
    expect(cut.endsWith("😀.jpeg")).toBe(true);
  });

  test("follows the format that a picture was made anew in", () => {
    expect(downloadName("a.avif", "image/webp")).toBe("a.webp");
    expect(downloadName("a.jpeg", "image/jpeg")).toBe("a.jpeg");
    expect(downloadName("a", "image/png")).toBe("a.png");
    expect(downloadName("a.tar.gz", "application/gzip")).toBe("a.tar.gz");
  });
});

describe("a type", () => {
  test("that a page may show or play is one of a few; SVG, HTML and XML are files", () => {
    expect(["image/png", "image/jpg", "video/quicktime", "audio/x-m4a", "IMAGE/GIF; q=1"].map(kindOfType)).toEqual(["image", "image", "video", "audio", "image"]);
    for (const type of ["image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "image/heic", "video/x-matroska", "", "nonsense"]) expect(kindOfType(type), type).toBe("file");
  });

  test("that could run or load something is served as bytes", () => {
    for (const type of ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "application/vnd.wap.xhtml+xml", "application/vnd.mozilla.xul+xml", "text/css", "multipart/related"]) {
      expect(servedType(plainType(type)), type).toBe("application/octet-stream");
    }
    expect(servedType("application/pdf")).toBe("application/pdf");
    expect(servedType("text/plain")).toBe("text/plain");
  });

  test("with a line break or a parameter in it never reaches a header", () => {
    expect(plainType("text/html\r\nX: y")).toBe("application/octet-stream");
    expect(plainType("text/plain; charset=utf-8")).toBe("text/plain");
  });
});

describe("what bytes are", () => {
  test.each([
    ["image/png", "image/jpeg", { type: "image/jpeg" }],
    ["image/png", "application/xml", { refusal: "not-a-picture" }],
    ["image/png", null, { refusal: "not-a-picture" }],
    ["image/png", "application/zip", { refusal: "not-a-picture" }],
    ["image/png", "video/mp4", { refusal: "not-a-picture" }],
    ["video/mp4", "audio/x-m4a", { type: "audio/mp4" }],
    ["video/webm", "video/matroska", { refusal: "not-what-it-says" }],
    ["audio/mpeg", "image/png", { refusal: "not-what-it-says" }],
    ["text/html", "image/png", { type: "text/html" }],
    ["image/svg+xml", null, { type: "image/svg+xml" }],
  ])("announced as %s and found as %s", (declared, found, verdict) => expect(verdictOf(declared, found)).toEqual(verdict));
});

describe("where bytes stand", () => {
  const place = { organizationId: "org_01h455vb4pex5vsknk084sn02q", id: "med_01h455vb4pex5vsknk084sn02q" };

  test("other bytes stand elsewhere", () => {
    expect(sourceKey(place, '"one"')).not.toBe(sourceKey(place, '"other"'));
    expect(mediaOfKey(sourceKey(place, '"one"'))).toEqual({ mediaId: place.id, incoming: false });
    expect(mediaOfKey(`incoming/${place.organizationId}/${place.id}`)).toEqual({ mediaId: place.id, incoming: true });
  });

  test("what others keep in the same bucket is none of ours", () => {
    for (const key of ["backup/2026.tar", "org_x/med_y/original", `other/${place.organizationId}/${place.id}/x`]) expect(mediaOfKey(key)).toBeNull();
  });
});

test("whoever asks for a size that was not needed gets the next larger one", () => {
  const variants = [{ name: "thumb" as const }, { name: "original" as const }];
  expect(nearestVariant(variants, "thumb")?.name).toBe("thumb");
  expect(nearestVariant(variants, "medium")?.name).toBe("original");
  expect(nearestVariant(variants, "poster")).toBeUndefined();
});
