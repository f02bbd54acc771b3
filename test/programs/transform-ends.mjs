/** A transform whose thread ends a moment after its last image. */
let timer;
export default (image) => {
  clearTimeout(timer);
  timer = setTimeout(() => process.exit(4), 300);
  return image.size(0);
};
