import {
  amountToPay,
  type Clearing,
  type Payout,
  type PayoutState,
} from '../../domain/statements/clearing.ts'
import { advanceBy, mayFollow } from '../../domain/statements/lifecycle.ts'
import { confirmIfDue } from '../clearing/confirm.ts'
import { type Cleared, keepCleared, moveOn, payoutId } from '../clearing/move-on.ts'
import type { FoldContext } from '../context.ts'
import { factKey } from '../fact-keys.ts'
import type { PayoutEvent } from '../lifecycle-events.ts'
import { giveNotice } from '../notices.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { facts } from '../tables.ts'
import { clearedFor, instantFor } from './clearing-facts.ts'
import { hashOfNew } from './new-fact.ts'

// What the payment system says of an instruction.
//
//   P1. paid ≤ payable (I14): an instruction that was superseded cannot succeed any more.
//   P2. What failed or came back is instructed again, under a new attempt.
//   P3. A success after a reported failure counts; the attempt that replaced it is superseded.

/** From which states of an attempt each word of the payment system may follow. */
const mayCome: Readonly<Record<PayoutEvent['type'], readonly PayoutState[]>> = {
  PayoutAccepted: ['INSTRUCTED'],
  PayoutSucceeded: ['INSTRUCTED', 'ACCEPTED', 'FAILED'],
  PayoutFailed: ['INSTRUCTED', 'ACCEPTED'],
  PayoutReturned: ['INSTRUCTED', 'ACCEPTED', 'SUCCEEDED'],
}

/** Moves a statement by what became of its instruction. */
export function foldPayout(event: PayoutEvent, context: FoldContext): Outcome {
  const { type, instructionId, statementId, partyId } = event
  const key = factKey('payout', partyId, instructionId, type)
  const hash = hashOfNew(context, event, key, `${type} of ${instructionId}`)
  if ('kind' in hash) return hash
  const cleared = clearedFor(context, event, statementId)
  if ('kind' in cleared) return cleared
  const { payouts } = cleared.clearing
  const place = payouts.findIndex((_, at) => payoutId(statementId, at + 1) === instructionId)
  const payout = payouts[place]
  if (payout === undefined) {
    return rejected('NOT_ALLOWED_IN_STATE', `instructionId: ${instructionId} was never given`)
  }
  const refused = refusal(event, cleared, payout)
  if (refused !== undefined) return refused

  // Every check has passed: from here on the record is accepted.
  context.state.put(facts, key, hash)
  apply(context, event, cleared, payout)
  keepCleared(context, cleared)
  return applied
}

function refusal(event: PayoutEvent, cleared: Cleared, payout: Payout): Outcome | undefined {
  const { statement, clearing } = cleared
  const { type, instructionId, amount, currency } = event
  if (currency !== statement.currency) {
    const why = `currency: ${currency}, but the statement is in ${statement.currency}`
    return rejected('CURRENCY_MISMATCH', why)
  }
  if (!mayCome[type].includes(payout.state)) {
    const why = `instructionId: ${instructionId} is ${payout.state.toLowerCase()}`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  if (amount > payout.amount) {
    return rejected('AMOUNTS_DO_NOT_ADD_UP', 'amount: more than was instructed')
  }
  if (type === 'PayoutSucceeded' && clearing.paid + amount > clearing.payable) {
    return rejected('NOT_ALLOWED_IN_STATE', 'amount: more would be paid than is payable')
  }
  if (type === 'PayoutReturned' && payout.state === 'SUCCEEDED' && amount > clearing.paid) {
    return rejected('NOT_ALLOWED_IN_STATE', 'amount: more would come back than was paid')
  }
  return undefined
}

function apply(context: FoldContext, event: PayoutEvent, cleared: Cleared, payout: Payout): void {
  const at = instantFor(cleared, event)
  confirmIfDue(context, cleared, at)
  switch (event.type) {
    case 'PayoutAccepted':
      payout.state = 'ACCEPTED'
      return step(cleared, 'SUBMITTED', at, event)
    case 'PayoutSucceeded':
      return succeed(context, event, cleared, payout)
    case 'PayoutFailed':
      payout.state = 'FAILED'
      step(cleared, 'PAYMENT_FAILED', at, event)
      return moveOn(context, cleared, at)
    case 'PayoutReturned':
      if (payout.state === 'SUCCEEDED') cleared.clearing.paid -= event.amount
      payout.state = 'RETURNED'
      step(cleared, 'RETURNED', at, event)
      return moveOn(context, cleared, at)
  }
}

function succeed(context: FoldContext, event: PayoutEvent, cleared: Cleared, payout: Payout): void {
  const { clearing } = cleared
  const at = instantFor(cleared, event)
  if (payout.state === 'FAILED') supersede(context, cleared, at)
  payout.state = 'SUCCEEDED'
  clearing.paid += event.amount
  if (clearing.paid === clearing.payable) return step(cleared, 'PAID', at, event)
  // A part is still to be paid: what is held back later, the rest at once.
  const reason = whyHeldBack(clearing)
  step(cleared, reason ?? 'PAYABLE', at, event)
  if (reason === null) moveOn(context, cleared, at)
}

/** Why nothing more may be paid for now; null: something may. */
function whyHeldBack(clearing: Clearing): 'DISPUTED' | 'HELD' | null {
  if (amountToPay(clearing) > 0) return null
  if (clearing.disputes.length > 0) return 'DISPUTED'
  return clearing.holds.length > 0 ? 'HELD' : null
}

/** P3. */
function supersede(context: FoldContext, { statement, clearing }: Cleared, at: number): void {
  const { statementId, partyId } = statement
  for (const [place, payout] of clearing.payouts.entries()) {
    if (payout.state !== 'INSTRUCTED' && payout.state !== 'ACCEPTED') continue
    payout.state = 'SUPERSEDED'
    const subject = payoutId(statementId, place + 1)
    const facts = [{ name: 'instructionId', value: subject }]
    giveNotice(context, { kind: 'PAYOUT_SUPERSEDED', subject, partyId, statementId, at, facts })
  }
}

/** The statement's step, where it is not there already. */
function step(
  { statement }: Cleared,
  status: Parameters<typeof mayFollow>[1],
  at: number,
  { reason }: PayoutEvent,
): void {
  if (mayFollow(statement.status, status)) advanceBy(statement, status, at, { by: null, reason })
}
