/** A transform whose thread ends a moment after the file that CANDLEWICK_TEST_END names is there, which it removes. */
import { existsSync, rmSync } from "node:fs";

const end = process.env.CANDLEWICK_TEST_END;
setInterval(() => {
  if (!existsSync(end)) return;
  rmSync(end);
  process.exit(4);
}, 10);
export default (image) => image.size(0);
