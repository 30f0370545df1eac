import { EntryDraft } from '../domain/statements/entry.ts'
import { behaviours } from './behaviours.ts'
import { Books } from './books.ts'
import { unpaidRange } from './clearing/unpaid.ts'
import { ContentHasher } from './content.ts'
import type { FoldContext, FoldDependencies, FoldRecord } from './context.ts'
import type { Event, LoopbackEvent, Tick } from './events.ts'
import { foldGuideClawedBack } from './guides/clawed-back.ts'
import { foldGuideCredited } from './guides/credited.ts'
import { foldClockPassed, passClock, rangesOfMark } from './guides/marks.ts'
import { FoldHalt } from './halt.ts'
import { foldAdjustment } from './handlers/adjustment.ts'
import { foldAgreedRebate } from './handlers/agreed-rebate.ts'
import { foldApproval } from './handlers/approval.ts'
import { foldCalendar } from './handlers/calendar.ts'
import { foldChargebackClosed, foldChargebackOpened } from './handlers/chargeback.ts'
import { foldConfirmation } from './handlers/confirmation.ts'
import { foldContract } from './handlers/contract.ts'
import { foldCost } from './handlers/cost.ts'
import { foldDispute, foldResolution } from './handlers/dispute.ts'
import { foldExchange } from './handlers/exchange.ts'
import { foldFeeLineReversed, foldFeeLineSubmitted } from './handlers/fee-line.ts'
import { foldFxRate } from './handlers/fx-rate.ts'
import { foldHold, foldSuspension } from './handlers/hold.ts'
import { foldOrderStatus } from './handlers/order-status.ts'
import { foldPartyChange } from './handlers/party-change.ts'
import { foldPayout } from './handlers/payout.ts'
import { foldPayoutAccount } from './handlers/payout-account.ts'
import { foldPurchase } from './handlers/purchase.ts'
import { foldRefund } from './handlers/refund.ts'
import { foldRuleBook } from './handlers/rule-book.ts'
import { foldTeamMembership } from './handlers/team-membership.ts'
import { foldTickStep, rangesOfTick, refuseTick } from './handlers/tick.ts'
import type { LifecycleEvent } from './lifecycle-events.ts'
import { keepOpen } from './open-ahead.ts'
import { applied, type Outcome } from './outcome.ts'
import type { PartitionFold } from './partition-fold.ts'
import { keysOf } from './reads.ts'
import { isRebateEvent } from './rebate-content.ts'
import type { RebateEvent } from './rebate-events.ts'
import { reject } from './rejections.ts'
import { type Counts, newPartition } from './rows/partition-row.ts'
import type { KeyRange } from './state.ts'
import { StatementIds } from './statement-ids.ts'
import { partitions } from './tables.ts'

// The fold of one partition: (state, record) → state, emissions.
//
//   F1. Its only inputs are the state and the record: no clock, no chance, no order of maps.
//   F2. Every record ends as applied, duplicate, waiting or rejected, and is counted as that.
//   F3. A rejected record leaves no trace but what is told of it.

/** The key of the one row in `partitions`. */
export const partitionKey = ''

const noRecord: FoldRecord = {
  offset: 0,
  decoded: { ok: false, code: 'SCHEMA_INVALID', message: '' },
  value: new Uint8Array(0),
  appendedAt: 0,
}

/** Creates the fold of a partition over its state. */
export function createFold(dependencies: FoldDependencies): PartitionFold {
  const { partition, state, emit, tools, ledger, routing } = dependencies
  // One object for all records: spreading it anew for each would cost more than billing an order.
  const context: { -readonly [Field in keyof FoldContext]: FoldContext[Field] } = {
    partition,
    state,
    emit,
    tools,
    ledger,
    routing,
    row: newPartition(),
    record: noRecord,
    books: new Books(state, tools),
    statementIds: new StatementIds(),
    hasher: new ContentHasher(tools.sha256),
    entry: new EntryDraft(),
  }

  return {
    readsOf: keysOf,

    rangesOf({ decoded }: FoldRecord): KeyRange[] {
      return decoded.ok ? rangesOfEvent(decoded.event) : []
    },

    fold(record: FoldRecord, step: number): boolean {
      context.row = state.get(partitions, partitionKey) ?? newPartition()
      context.record = record
      const done = foldStep(context, step)
      state.put(partitions, partitionKey, context.row)
      return done
    },
  }
}

function rangesOfEvent(event: Event): KeyRange[] {
  switch (event.type) {
    case 'Tick':
      return rangesOfTick(event)
    case 'ClockPassed':
      return rangesOfMark(event)
    case 'HoldPlaced':
    case 'HoldReleased':
    case 'PartySuspended':
    case 'PartyResumed':
    case 'PayoutAccountChanged':
      return [unpaidRange(event.partyId)]
    default:
      return []
  }
}

function foldStep(context: FoldContext, step: number): boolean {
  const { decoded, value } = context.record
  if (!decoded.ok) {
    const { code, message } = decoded
    count(context, undefined, { kind: 'rejected', code, message }, context.hasher.bytes(value))
    return true
  }
  const { event } = decoded
  if (event.type === 'Tick') return foldTick(context, event, step)
  if ('loopSeq' in event) return foldLoopback(context, event, step)
  const outcome = handle(event, context)
  count(context, event, outcome)
  const accepted = outcome.kind === 'applied' || outcome.kind === 'waiting'
  if (accepted && 'partyId' in event) keepOpen(context, event)
  return true
}

/** Counted nowhere: it is an emission of a record that was counted. */
function foldLoopback(context: FoldContext, event: LoopbackEvent, step: number): boolean {
  switch (event.type) {
    case 'ClockPassed':
      return foldClockPassed(event, context, step)
    case 'GuideCredited':
      foldGuideCredited(event, context)
      return true
    case 'GuideClawedBack':
      foldGuideClawedBack(event, context)
      return true
  }
}

function foldTick(context: FoldContext, tick: Tick, step: number): boolean {
  const refused = step === 0 ? refuseTick(tick, context) : undefined
  if (refused !== undefined) {
    count(context, tick, refused)
    return true
  }
  const done = foldTickStep(tick, context)
  if (done) {
    count(context, tick, applied)
    passClock(context, tick)
  }
  return done
}

function handle(event: Exclude<Event, Tick | LoopbackEvent>, context: FoldContext): Outcome {
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderPaid':
    case 'OrderDelivered':
    case 'OrderCompleted':
    case 'OrderCancelled':
      return foldOrderStatus(event, context)
    case 'RefundSucceeded':
      return foldRefund(event, context)
    case 'ExchangeCompleted':
      return foldExchange(event, context)
    case 'FeeLineSubmitted':
      return foldFeeLineSubmitted(event, context)
    case 'FeeLineReversed':
      return foldFeeLineReversed(event, context)
    case 'AdjustmentSubmitted':
      return foldAdjustment(event, context)
    case 'ChargebackOpened':
      return foldChargebackOpened(event, context)
    case 'ChargebackClosed':
      return foldChargebackClosed(event, context)
    case 'ContractSigned':
    case 'ContractAmended':
    case 'ContractTerminated':
      return foldContract(event, context)
    case 'PartyModeChanged':
    case 'SettlementEntityChanged':
      return foldPartyChange(event, context)
    case 'TeamMembershipChanged':
      return foldTeamMembership(event, context)
    case 'RuleBookPublished':
      return foldRuleBook(event, context)
    case 'CalendarPublished':
      return foldCalendar(event, context)
    case 'FxRatePublished':
      return foldFxRate(event, context)
    case 'BehaviourActivated':
      return activate(event.number, context)
    default:
      return isRebateEvent(event) ? handleRebate(event, context) : handleLifecycle(event, context)
  }
}

function handleLifecycle(event: LifecycleEvent, context: FoldContext): Outcome {
  switch (event.type) {
    case 'StatementConfirmed':
      return foldConfirmation(event, context)
    case 'StatementDisputed':
      return foldDispute(event, context)
    case 'DisputeResolved':
      return foldResolution(event, context)
    case 'ApprovalGranted':
    case 'ApprovalRejected':
    case 'ApprovalDelegated':
      return foldApproval(event, context)
    case 'HoldPlaced':
    case 'HoldReleased':
      return foldHold(event, context)
    case 'PartySuspended':
    case 'PartyResumed':
      return foldSuspension(event, context)
    case 'PayoutAccountChanged':
      return foldPayoutAccount(event, context)
    case 'PayoutAccepted':
    case 'PayoutSucceeded':
    case 'PayoutFailed':
    case 'PayoutReturned':
      return foldPayout(event, context)
  }
}

function handleRebate(event: RebateEvent, context: FoldContext): Outcome {
  switch (event.type) {
    case 'RebateAmountAgreed':
      return foldAgreedRebate(event, context)
    case 'CostPublished':
      return foldCost(event, context)
    case 'PurchaseReceived':
    case 'PurchaseReturned':
      return foldPurchase(event, context)
  }
}

function activate(number: number, { row }: FoldContext): Outcome {
  if (!behaviours.some((behaviour) => behaviour.number === number)) {
    const why = `behaviour ${number} is not known here: run a version that knows it`
    throw new FoldHalt('BEHAVIOUR_UNKNOWN', why)
  }
  if (row.behaviours.includes(number)) return { kind: 'duplicate' }
  row.behaviours.push(number)
  row.behaviours.sort((a, b) => a - b)
  return applied
}

/** Counts the outcome (F2) and tells of a rejection that was not told of before. */
function count(
  context: FoldContext,
  event: Event | undefined,
  outcome: Outcome,
  hash?: Uint8Array,
): void {
  const { row, record } = context
  const counts = event !== undefined && !('partyId' in event) ? row.broadcast : row.party
  if (outcome.kind !== 'rejected') {
    counts[counterOf[outcome.kind]] += 1
    return
  }
  const seen = reject(context, {
    event,
    value: record.value,
    offset: record.offset,
    firstSeenAt: row.clock,
    hash: hash ?? context.hasher.event(event as Event),
    code: outcome.code,
    message: outcome.message,
  })
  counts[seen ? 'duplicates' : 'rejected'] += 1
}

const counterOf = {
  applied: 'applied',
  duplicate: 'duplicates',
  waiting: 'waiting',
} as const satisfies Record<Exclude<Outcome['kind'], 'rejected'>, keyof Counts>
