import type { FormulaKind } from './formula.ts'

/** The base itself: a part of what was paid for the goods. All of a line make up its NET. */
export const tender: FormulaKind = {
  type: 'TENDER',

  charge(_price, base) {
    return base
  },

  exact(_price, base) {
    return `${base}/1`
  },
}
