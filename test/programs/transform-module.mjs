/** A transform of a module, for threads of a loader. */
import { vision } from "../../dist/index.js";

const T = vision.transforms;
export default new T.Compose([
  ...[new T.RandomResizedCrop(12), new T.RandomHorizontalFlip(), new T.ColorJitter(0.3, 0.2)],
  ...[new T.ToTensor(), new T.Lambda((x) => x)],
  ...[new T.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]), new T.RandomErasing(0.5)],
]);
