import { keyText, type StatementKey } from '../domain/statements/statement.ts'

/** Parties whose latest id is kept: some 10 MB. */
const mostKept = 65_536

interface Kept {
  readonly key: StatementKey
  readonly periodId: string
  readonly id: string
}

/**
 * Ids of the statements that periods have: most facts of a party go where the one before went, and
 * one text that is asked for again and again is hashed once. A cache, no state.
 */
export class StatementIds {
  private readonly latest = new Map<string, Kept>()

  /** `partyId/entity/mode/currency/cycle/periodId`. */
  of(key: StatementKey, periodId: string): string {
    const kept = this.latest.get(key.partyId)
    if (kept !== undefined && kept.periodId === periodId && isSame(kept.key, key)) return kept.id
    const id = `${keyText(key)}/${periodId}`
    if (this.latest.size >= mostKept) this.latest.clear()
    this.latest.set(key.partyId, { key, periodId, id })
    return id
  }
}

/** Whether two keys of one party are the same. */
function isSame(a: StatementKey, b: StatementKey): boolean {
  return (
    a.entity === b.entity && a.mode === b.mode && a.currency === b.currency && a.cycle === b.cycle
  )
}
