/**
 * The order of names that look like numbers: JavaScript lists the fields "2" and "10" of an object before all others, in numeric
 * order, whenever they were set. What needs the order of insertion notes them here; `Object.keys` cannot have it.
 */
const ORDER: unique symbol = Symbol("candlewick.order");

const isNumberLike = (name: string) => /^(0|[1-9]\d{0,9})$/.test(name);

/** Notes that `name` is about to be set on an object, behind all that it has. */
export function noteName(object: object, name: string): void {
  if (!isNumberLike(name) || Object.hasOwn(object, name)) return;
  let notes: Map<string, number> | undefined = Reflect.get(object, ORDER);
  if (notes === undefined) {
    notes = new Map();
    Object.defineProperty(object, ORDER, { value: notes, configurable: true });
  }
  notes.delete(name);
  notes.set(name, Object.keys(object).filter((key) => !isNumberLike(key)).length);
}

/** `Object.entries` in the order of insertion, as far as it was noted. */
export function orderedEntries<T = unknown>(object: object): [string, T][] {
  const entries: [string, T][] = Object.entries(object);
  const notes: Map<string, number> | undefined = Reflect.get(object, ORDER);
  if (notes === undefined) return entries;
  const out = entries.filter(([name]) => !notes.has(name));
  let placed = 0;
  for (const [name, before] of notes) {
    // What was deleted since is noted still.
    if (Object.hasOwn(object, name)) out.splice(before + placed++, 0, [name, Reflect.get(object, name)]);
  }
  return out;
}
