import { fixed } from './fixed.ts'
import type { FormulaKind } from './formula.ts'
import type { Price } from './price.ts'
import { share } from './share.ts'
import { shareOfReversed } from './share-of-reversed.ts'
import { tender } from './tender.ts'

/** The formula that a price is computed by. */
export function formulaOf(price: Price): FormulaKind {
  switch (price.formula.type) {
    case 'SHARE':
      return share
    case 'FIXED':
      return fixed
    case 'TENDER':
      return tender
    case 'SHARE_OF_REVERSED':
      return shareOfReversed
  }
}
