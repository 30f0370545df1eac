import { adjustmentLine } from '../adjustment-line.ts'
import type { FoldContext } from '../context.ts'
import type { AdjustmentSubmitted } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { endEntry } from '../homes.ts'
import type { ApprovalEvent } from '../lifecycle-events.ts'
import { type Outcome, rejected, waiting } from '../outcome.ts'
import type { RebateAmountAgreed } from '../rebate-events.ts'
import { agreedLine, postAgreed } from '../rebates/agreed-line.ts'
import { reject } from '../rejections.ts'
import { facts, type WaitingItem, waitingItems } from '../tables.ts'

// Adjustments and agreed rebates that wait for approval: the record itself is kept, and posted as
// of its own instant once the last level has agreed.

/** Parks the record until its levels have approved it. */
export function awaitApproval(
  { state, record, row }: FoldContext,
  {
    key,
    levels,
    submittedBy,
  }: {
    readonly key: string
    readonly levels: readonly string[]
    readonly submittedBy: string
  },
): Outcome {
  state.put(waitingItems, key, {
    record: record.value.slice(),
    offset: record.offset,
    firstSeenAt: row.clock,
    submittedBy,
    levels,
    approval: { granted: [], delegations: [], rejected: false },
  })
  return waiting
}

/** All levels agree: the line is posted. */
export function approveItem(context: FoldContext, key: string, parked: WaitingItem): void {
  const event = release(context, key, parked)
  const refused = post(context, event)
  if (refused !== undefined) return refuse(context, event, parked, refused)
  context.row.party.waiting -= 1
  context.row.party.applied += 1
}

/** Undefined: it is posted; else why it cannot be. */
function post(context: FoldContext, event: ItemEvent): Outcome | undefined {
  if (event.type === 'AdjustmentSubmitted') {
    const home = adjustmentLine(context, event)
    if ('kind' in home) return home
    endEntry(context, home)
    return undefined
  }
  const line = agreedLine(context, event)
  if ('kind' in line) return line
  postAgreed(context, event, line)
  return undefined
}

/** A level refuses: the record is rejected, and may be submitted again. */
export function refuseWaiting(
  context: FoldContext,
  key: string,
  parked: WaitingItem,
  { by, reason }: ApprovalEvent,
): void {
  const event = release(context, key, parked)
  const why = `approval: refused by ${by}${reason === null ? '' : `: ${reason}`}`
  refuse(context, event, parked, rejected('NOT_ALLOWED_IN_STATE', why))
}

type ItemEvent = AdjustmentSubmitted | RebateAmountAgreed

function release({ state, tools }: FoldContext, key: string, { record }: WaitingItem): ItemEvent {
  state.delete(waitingItems, key)
  const decoded = tools.decodeEvent(record)
  const type = decoded.ok ? decoded.event.type : null
  if (type !== 'AdjustmentSubmitted' && type !== 'RebateAmountAgreed') {
    throw new Error('what waits for approval cannot be decoded any more')
  }
  return (decoded as { readonly event: ItemEvent }).event
}

function refuse(
  context: FoldContext,
  event: ItemEvent,
  { record, offset, firstSeenAt }: WaitingItem,
  outcome: Outcome,
): void {
  if (outcome.kind !== 'rejected') throw new Error('what is refused must have a reason')
  const counts = context.row.party
  counts.waiting -= 1
  context.state.delete(facts, factOf(event))
  const hash = context.hasher.event(event)
  const { code, message } = outcome
  const seen = reject(context, { event, value: record, offset, firstSeenAt, hash, code, message })
  counts[seen ? 'duplicates' : 'rejected'] += 1
}

function factOf(event: ItemEvent): string {
  return event.type === 'AdjustmentSubmitted'
    ? factKey('adjustment', event.partyId, event.adjustmentId)
    : factKey('agreedRebate', event.partyId, event.agreementId, String(event.version))
}
