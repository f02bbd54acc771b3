/** A transform that fails, that ends its thread, or that makes what cannot be posted. */
let count = 0;
export default (image) => {
  count++;
  if (image.size(2) === 43) throw new Error("43 columns");
  if (image.size(2) === 7) process.exit(3);
  return { count, wide: image.size(2) };
};
