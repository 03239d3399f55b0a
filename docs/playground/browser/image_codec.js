// JPEG and WebP by the browser itself, for the shim for Pillow (shims/PIL). Runs in a worker.

/**
 * Encode an image.
 * @param {string} format "JPEG" or "WEBP"
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} rgba four bytes for each pixel, row by row
 * @param {number} [quality] 0 to 1
 */
export async function encodeImage(format, width, height, rgba, quality) {
  const canvas = new OffscreenCanvas(width, height);
  context(canvas).putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  const type = `image/${format.toLowerCase()}`;
  const blob = await canvas.convertToBlob({ type, quality });
  if (blob.type !== type) throw new Error(`this browser cannot write ${type}`); // it wrote a PNG
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * Decode an image of any format that the browser knows.
 * @param {Uint8Array<ArrayBuffer>} data
 */
export async function decodeImage(data) {
  const bitmap = await createImageBitmap(new Blob([data]), {
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  });
  const { width, height } = bitmap;
  const canvas = context(new OffscreenCanvas(width, height));
  canvas.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, rgba: new Uint8Array(canvas.getImageData(0, 0, width, height).data.buffer) };
}

/** @param {OffscreenCanvas} canvas */
function context(canvas) {
  const found = canvas.getContext("2d", { willReadFrequently: true });
  if (!found) throw new Error("this browser cannot draw in a worker");
  return found;
}
