import { clockStands } from '../../domain/statements/clearing.ts'
import { confirm } from '../clearing/confirm.ts'
import { keepCleared } from '../clearing/move-on.ts'
import type { FoldContext } from '../context.ts'
import { factKey } from '../fact-keys.ts'
import type { StatementConfirmed } from '../lifecycle-events.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { facts } from '../tables.ts'
import { clearedFor, instantFor } from './clearing-facts.ts'
import { hashOfNew } from './new-fact.ts'

/** The party agrees to a statement, or to what is not disputed of it. */
export function foldConfirmation(event: StatementConfirmed, context: FoldContext): Outcome {
  const { confirmationId, statementId, partyId, by } = event
  const key = factKey('confirmation', partyId, confirmationId)
  const hash = hashOfNew(context, event, key, `confirmation ${confirmationId}`)
  if ('kind' in hash) return hash
  const cleared = clearedFor(context, event, statementId)
  if ('kind' in cleared) return cleared
  const { clearing } = cleared
  const at = instantFor(cleared, event)
  const late = !clearing.confirmed && clearing.confirmsAt !== null && clearing.confirmsAt <= at
  if (clearing.confirmed || (late && !clockStands(clearing))) {
    return rejected('NOT_ALLOWED_IN_STATE', `statementId: ${statementId} is confirmed already`)
  }
  if (clockStands(clearing)) {
    return rejected('NOT_ALLOWED_IN_STATE', `statementId: ${statementId} is disputed as a whole`)
  }

  // Every check has passed: from here on the record is accepted.
  context.state.put(facts, key, hash)
  confirm(context, cleared, at, { by, reason: null })
  keepCleared(context, cleared)
  return applied
}
