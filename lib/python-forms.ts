/**
 * What Python tells apart and JavaScript does not: tuples from lists, dicts with integer keys from those with string keys. Such values
 * carry a mark, which saving, loading and deepcopy keep, and which nothing else sees.
 */
const TUPLE: unique symbol = Symbol("candlewick.tuple");
const INTEGER_KEYS: unique symbol = Symbol("candlewick.integerKeys");

function mark<T extends object>(value: T, key: symbol): T {
  return Object.defineProperty(value, key, { value: true, configurable: true });
}

/** Marks an array as a tuple. Returns it. */
export const asTuple = <T extends readonly unknown[]>(array: T): T => mark(array, TUPLE);
/** Whether an array is marked as a tuple. */
export const isTuple = (array: readonly unknown[]): boolean => Object.hasOwn(array, TUPLE);

/** Marks an object whose keys are integers in Python. Returns it. */
export const withIntegerKeys = <T extends object>(object: T): T => mark(object, INTEGER_KEYS);
/** Whether an object's keys are integers in Python. */
export const hasIntegerKeys = (object: object): boolean => Object.hasOwn(object, INTEGER_KEYS);
