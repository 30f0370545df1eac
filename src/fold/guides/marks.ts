import { dueRange, phases } from '../agenda.ts'
import type { FoldContext } from '../context.ts'
import type { ClockPassed, Tick } from '../events.ts'
import { type Loops, loops } from '../rows/guide-rows.ts'
import type { KeyRange } from '../state.ts'
import { workThrough } from '../work-agenda.ts'
import { loopsOf, receive, sendMarks } from './loops.ts'

// The barrier: nobody who lives on loopback closes before everything that others owe him is there.
//
//   B1. The last step of a tick that crosses a quarter of an hour sends a mark of round 0 to every
//       partition, behind all that it forwarded.
//   B2. When the lowest mark of a round rises, the next round is sent, behind all that this
//       partition forwarded in turn: one hop between guides per round.
//   B3. The lowest mark of the last round closes statements, by instant, then id, and does what is
//       due of them once they are closed; the tick that came before has done that of all others.

const quarterOfAnHour = 900_000
const phasesOfMark = [phases.closeGuided, phases.confirm, phases.remind] as const

/** B1; to be called with the last step of a tick. */
export function passClock(context: FoldContext, { at }: Tick): void {
  const row = loopsOf(context)
  if (row === undefined) return
  const quarter = at - (at % quarterOfAnHour)
  if (row.quarter !== null && quarter <= row.quarter) return
  row.quarter = quarter
  context.state.put(loops, '', row)
  sendMarks(context, 0, quarter)
}

/** The parts of the agenda that a mark may do. */
export function rangesOfMark({ at }: ClockPassed): KeyRange[] {
  return phasesOfMark.map((phase) => dueRange(phase, at))
}

/** Folds one step of a mark; true when it is done. */
export function foldClockPassed(event: ClockPassed, context: FoldContext, step: number): boolean {
  if (step === 0 && !receive(context, event)) return true
  const row = loopsOf(context) as Loops
  if (step === 0) noteMark(row, event)
  const { round } = event
  const through = Math.min(...(row.marks[round] ?? [-1]))
  if (through <= (row.lowest[round] ?? through)) return keep(context, row)
  if (round < row.rounds) sendMarks(context, round + 1, through)
  else if (!workThrough(context, phasesOfMark, through, event.at)) return false
  row.lowest[round] = through
  if (round === row.rounds) row.closedThrough = through
  return keep(context, row)
}

function keep(context: FoldContext, row: Loops): boolean {
  context.state.put(loops, '', row)
  return true
}

function noteMark({ marks }: Loops, { round, sourcePartition, at }: ClockPassed): void {
  const known = marks[round]
  if (known !== undefined) known[sourcePartition] = Math.max(known[sourcePartition] ?? -1, at)
}
