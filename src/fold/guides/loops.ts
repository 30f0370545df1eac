import type { Instant } from '../../domain/calendar/calendar.ts'
import type { FoldContext } from '../context.ts'
import type { ClockPassed, GuideClawedBack, GuideCredited, LoopbackEvent } from '../events.ts'
import { FoldHalt } from '../halt.ts'
import { type Loops, loops } from '../rows/guide-rows.ts'

// Loopback: what one party's event owes another party goes back into the log, under the other
// party's key and in the transaction of every other output.
//
//   L1. Records are counted per pair of partitions, from 1 without gaps. A repeat is refused, and a
//       gap halts the partition.
//   L2. Loopback records are emissions, not input: they are in no count of records.
//   L3. A log whose rule books never had guide plans has no row here and sends nothing.

type Unsent<Sent extends LoopbackEvent> = Omit<
  Sent,
  'sourcePartition' | 'loopSeq' | 'source' | 'type'
>

/** The loopback of this partition; undefined: nothing lives on it. */
export function loopsOf({ state }: FoldContext): Loops | undefined {
  return state.get(loops, '')
}

/** Starts the loopback, or adds rounds to it, when a rule book rewards guides. */
export function startLoops(context: FoldContext, rounds: number): void {
  const { state, routing } = context
  const none = (): number[] => Array.from({ length: routing.partitions }, () => 0)
  const row = loopsOf(context) ?? {
    rounds,
    quarter: null,
    sent: none(),
    received: none(),
    marks: [],
    lowest: [],
    closedThrough: context.row.closedThrough,
  }
  row.rounds = Math.max(row.rounds, rounds)
  while (row.lowest.length <= row.rounds) {
    row.marks.push(none().map(() => -1))
    row.lowest.push(-1)
  }
  state.put(loops, '', row)
}

/** Sends a credit to the partition of its party. */
export function sendCredit(context: FoldContext, credit: Unsent<GuideCredited>): void {
  const target = context.routing.partitionOf(credit.partyId)
  const { partition: sourcePartition, emit } = context
  const loopSeq = nextSeq(context, target)
  const sent = { type: 'GuideCredited', source: null, sourcePartition, loopSeq } as const
  emit.forward(target, { ...credit, ...sent })
}

/** Sends a claw-back to the partition of its party. */
export function sendClawback(context: FoldContext, clawback: Unsent<GuideClawedBack>): void {
  const target = context.routing.partitionOf(clawback.partyId)
  const { partition: sourcePartition, emit } = context
  const loopSeq = nextSeq(context, target)
  const sent = { type: 'GuideClawedBack', source: null, sourcePartition, loopSeq } as const
  emit.forward(target, { ...clawback, ...sent })
}

/** Sends a mark to every partition, this one included. */
export function sendMarks(context: FoldContext, round: number, at: Instant): void {
  const { partition: sourcePartition, emit, routing } = context
  const eventId = `clock:${sourcePartition}:${round}:${at}`
  for (let target = 0; target < routing.partitions; target += 1) {
    const loopSeq = nextSeq(context, target)
    const head = { type: 'ClockPassed', eventId, occurredAt: at, source: null } as const
    emit.forward(target, { ...head, sourcePartition, loopSeq, round, at })
  }
}

/** Takes note of a record that came; false for a repeat (L1). */
export function receive(
  context: FoldContext,
  event: GuideCredited | GuideClawedBack | ClockPassed,
): boolean {
  const row = loopsOf(context)
  const { sourcePartition, loopSeq } = event
  const last = row?.received[sourcePartition]
  if (row === undefined || last === undefined) {
    const why = `${event.eventId} comes from partition ${sourcePartition}, which sends nothing here`
    throw new FoldHalt('LOOPBACK_GAP', why)
  }
  if (loopSeq <= last) return false
  if (loopSeq > last + 1) {
    const missing = `${last + 1} to ${loopSeq - 1}`
    const why = `records ${missing} of partition ${sourcePartition} to this one are missing`
    throw new FoldHalt('LOOPBACK_GAP', why)
  }
  row.received[sourcePartition] = loopSeq
  context.state.put(loops, '', row)
  return true
}

function nextSeq(context: FoldContext, target: number): number {
  const row = loopsOf(context)
  if (row === undefined) throw new Error('nothing lives on loopback here')
  const next = (row.sent[target] as number) + 1
  row.sent[target] = next
  context.state.put(loops, '', row)
  return next
}
