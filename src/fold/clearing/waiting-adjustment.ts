import { adjustmentLine } from '../adjustment-line.ts'
import type { FoldContext } from '../context.ts'
import type { AdjustmentSubmitted } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { endEntry } from '../homes.ts'
import type { ApprovalEvent } from '../lifecycle-events.ts'
import { type Outcome, rejected, waiting } from '../outcome.ts'
import { reject } from '../rejections.ts'
import { facts, type WaitingAdjustment, waitingAdjustments } from '../tables.ts'

/** Parks an adjustment until its levels have approved it. */
export function awaitApproval(
  context: FoldContext,
  event: AdjustmentSubmitted,
  key: string,
  levels: readonly string[],
): Outcome {
  const { state, record, row } = context
  state.put(waitingAdjustments, key, {
    record: record.value.slice(),
    offset: record.offset,
    firstSeenAt: row.clock,
    submittedBy: event.submittedBy,
    levels,
    approval: { granted: [], delegations: [], rejected: false },
  })
  return waiting
}

/** All levels agree: the line is posted, as of the adjustment's own instant. */
export function approveAdjustment(
  context: FoldContext,
  key: string,
  parked: WaitingAdjustment,
): void {
  const event = release(context, key, parked)
  const home = adjustmentLine(context, event)
  if ('kind' in home) return refuse(context, event, parked, home)
  endEntry(context, home)
  context.row.party.waiting -= 1
  context.row.party.applied += 1
}

/** A level refuses: the adjustment is rejected, and may be submitted again. */
export function refuseAdjustment(
  context: FoldContext,
  key: string,
  parked: WaitingAdjustment,
  { by, reason }: ApprovalEvent,
): void {
  const event = release(context, key, parked)
  const why = `approval: refused by ${by}${reason === null ? '' : `: ${reason}`}`
  refuse(context, event, parked, rejected('NOT_ALLOWED_IN_STATE', why))
}

function release(
  { state, tools }: FoldContext,
  key: string,
  { record }: WaitingAdjustment,
): AdjustmentSubmitted {
  state.delete(waitingAdjustments, key)
  const decoded = tools.decodeEvent(record)
  if (!decoded.ok || decoded.event.type !== 'AdjustmentSubmitted') {
    throw new Error('a waiting adjustment cannot be decoded any more')
  }
  return decoded.event
}

function refuse(
  context: FoldContext,
  event: AdjustmentSubmitted,
  { record, offset, firstSeenAt }: WaitingAdjustment,
  outcome: Outcome,
): void {
  if (outcome.kind !== 'rejected') throw new Error('a refused adjustment must have a reason')
  const counts = context.row.party
  counts.waiting -= 1
  context.state.delete(facts, factKey('adjustment', event.partyId, event.adjustmentId))
  const hash = context.hasher.event(event)
  const { code, message } = outcome
  const seen = reject(context, { event, value: record, offset, firstSeenAt, hash, code, message })
  counts[seen ? 'duplicates' : 'rejected'] += 1
}
