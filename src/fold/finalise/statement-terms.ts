import type { Terms } from '../../domain/parties/contract.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import { agreementAt } from '../agreements.ts'
import type { FoldContext } from '../context.ts'
import { parties } from '../tables.ts'

/**
 * The terms by which a statement is settled: those in force at the last instant of its period, and
 * after the end of all contracts the last ones that were.
 */
export function termsOfStatement(
  context: FoldContext,
  { partyId, periodStart, periodEnd }: Statement,
): Terms | undefined {
  const at = Math.max(periodStart, periodEnd - 1)
  const inForce = agreementAt(context, partyId, at)
  if (inForce !== undefined) return inForce.terms
  const party = context.state.get(parties, partyId)
  return party?.contracts.findLast(({ validFrom }) => validFrom <= at)?.terms
}
