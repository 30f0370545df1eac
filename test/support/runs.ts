/**
 * How often a costly property is tried: so often in the quick tests, and many times that in the slow
 * ones, which run the same files (`vitest.config.ts`).
 */
export function runs(quick: number): number {
  return quick * Number(process.env.PROPERTY_SCALE ?? '1')
}
