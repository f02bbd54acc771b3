/** Numbers of channels that hardware likes. */

/** The multiple of `divisor` nearest to `value`, at least the divisor, and no more than a tenth below the value. */
export function divisible(value: number, divisor: number): number {
  const nearest = Math.max(divisor, Math.floor(Math.trunc(value + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * value ? nearest + divisor : nearest;
}
