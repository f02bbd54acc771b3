/** A transform that never ends. */
export default () => {
  for (;;);
};
