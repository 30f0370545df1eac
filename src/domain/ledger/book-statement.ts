import type { Minor } from '../money/money.ts'
import { accruedOf, bank, receivableOf, statementOf } from './accounts.ts'
import { type Booking, type BookingKind, book, type Posting } from './journal.ts'

/** A statement as far as the books need it; amounts in minor units. */
export interface LedgerStatement {
  readonly statementId: string
  readonly partyId: string
  readonly entity: string
  readonly mode: string
  readonly currency: string
  readonly status: string
  /** 0 until closed. */
  readonly number: number
  readonly opening: Minor
  readonly total: Minor
  readonly closing: Minor
}

const paid: ReadonlySet<string> = new Set(['PAID', 'RECONCILED'])
const collected: ReadonlySet<string> = new Set(['COLLECTED', 'RECONCILED'])

/**
 * What closing, carrying, paying and collecting a statement put into the books:
 *
 *   close    accrued → the statement's account, opening + total
 *   carry    the statement's account → accrued (of the next period), closing
 *   negative the statement's account → receivable, what the party owes
 *   paid     the statement's account → bank; collected: bank → receivable
 *
 * So the statement's account stands at what is still to be paid, and accrued at what is open.
 */
export function bookStatement(statement: LedgerStatement): Booking[] {
  const { partyId, mode, number, opening, total, closing, status } = statement
  if (number === 0) return []
  const own = statementOf(partyId, mode, number)
  const accrued = accruedOf(partyId)
  const receivable = receivableOf(partyId)
  const payable = opening + total - closing
  const owed = Math.min(payable, 0)
  return [
    booked(statement, 'CLOSE', move(accrued, own, opening + total)),
    booked(statement, 'CARRY', move(own, accrued, closing)),
    booked(statement, 'RECEIVABLE', move(own, receivable, owed)),
    booked(statement, 'PAYOUT', move(own, bank, paid.has(status) && payable > 0 ? payable : 0)),
    booked(statement, 'COLLECTION', move(receivable, bank, collected.has(status) ? owed : 0)),
  ].filter((booking) => booking !== undefined)
}

/** Takes a liability of `amount` from one account to the other. */
function move(from: string, to: string, amount: Minor): Posting[] {
  return [
    { account: from, amount },
    { account: to, amount: amount === 0 ? 0 : -amount },
  ]
}

function booked(
  { statementId, entity, currency }: LedgerStatement,
  kind: BookingKind,
  postings: readonly Posting[],
): Booking | undefined {
  return book({ kind, ref: statementId, entity, currency }, postings)
}
