import sharp from "sharp";

// Only what may be shown is ever decoded, whatever else the library knows to read (SVG, PDF, TIFF, …).
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer", "VipsForeignLoadNsgifBuffer", "VipsForeignLoadHeifBuffer"],
});
// No picture is made twice: what the cache held would only be in the way.
sharp.cache(false);

/** The picture library as the product uses it: everybody takes it from here. */
export { default as decoder } from "sharp";
