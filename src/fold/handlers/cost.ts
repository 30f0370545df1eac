import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import { bytesOf, costKey, factKey } from '../fact-keys.ts'
import { applied, duplicate, type Outcome, rejected } from '../outcome.ts'
import type { CostPublished } from '../rebate-events.ts'
import { costs } from '../rebates/tables.ts'
import { facts } from '../tables.ts'

/** Keeps what goods cost from an instant on; it holds for orders that are billed later. */
export function foldCost(event: CostPublished, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, sku, validFrom, unitCost, currency } = event
  const factId = factKey('cost', partyId, String(validFrom), bytesOf(sku))
  const hash = context.hasher.event(event)
  const known = state.get(facts, factId)
  if (known !== undefined) {
    return sameHash(known, hash)
      ? duplicate
      : rejected('DUPLICATE_CONFLICT', `the cost of ${sku} from that instant on was said otherwise`)
  }
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
