import type { Fault } from './fault.ts'
import { billingFaults } from './tables/billing.ts'
import { engineFaults } from './tables/engine.ts'
import { guideFaults } from './tables/guides.ts'
import { otherFaults } from './tables/others.ts'
import { rebateFaults } from './tables/rebates.ts'
import { reversingFaults } from './tables/reversing.ts'
import { statementFaults } from './tables/statements.ts'

/** Every fault that is planted, of all chapters. */
export const allFaults: readonly Fault[] = [
  ...billingFaults,
  ...reversingFaults,
  ...engineFaults,
  ...statementFaults,
  ...rebateFaults,
  ...guideFaults,
  ...otherFaults,
]
