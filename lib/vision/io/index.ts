/** `vision.io`: images of files and of bytes, and back. */
export {
  type DecodeOptions,
  decodeGif,
  decodeGifSync,
  decodeImage,
  decodeImageSync,
  decodeJpeg,
  decodeJpegSync,
  decodePng,
  decodePngSync,
  decodeWebp,
  decodeWebpSync,
  type ImageBytes,
  ImageReadMode,
  jpegHasSimd,
  readImage,
  readImageSync,
} from "./decode.js";
export {
  encodeJpeg,
  encodeJpegSync,
  encodePng,
  encodePngSync,
  type JpegOptions,
  type PngOptions,
  writeJpeg,
  writeJpegSync,
  writePng,
  writePngSync,
} from "./encode.js";
export { readFile, readFileSync, writeFile, writeFileSync } from "./files.js";
