const heif = /^image\/hei[cf]/;

/**
 * Phones of one maker keep pictures in a format (HEIC) that few browsers and no free decoder can show. Browsers that can make a JPEG
 * of it before it is sent; with others it stays a file to download.
 */
export async function convertPicture(file: File): Promise<File> {
  if (!heif.test(file.type) && !/\.hei[cf]$/i.test(file.name)) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
    return jpeg?.type === "image/jpeg" ? new File([jpeg], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}
