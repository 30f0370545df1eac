import type { FoldContext } from '../context.ts'
import { bytesOf, costKey, factKey } from '../fact-keys.ts'
import { applied, type Outcome } from '../outcome.ts'
import type { CostPublished } from '../rebate-events.ts'
import { costs } from '../rebates/tables.ts'
import { facts } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Keeps what goods cost from an instant on; it holds for orders that are billed later. */
export function foldCost(event: CostPublished, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, sku, validFrom, unitCost, currency } = event
  const factId = factKey('cost', partyId, String(validFrom), bytesOf(sku))
  const hash = hashOfNew(context, event, factId, `the cost of ${sku} from that instant on was`)
  if ('kind' in hash) return hash
  const key = costKey(partyId, sku)
  const rows = [...(state.get(costs, key) ?? []), { validFrom, unitCost, currency }]
  state.put(
    costs,
    key,
    rows.sort((a, b) => a.validFrom - b.validFrom),
  )
  state.put(facts, factId, hash)
  return applied
}
