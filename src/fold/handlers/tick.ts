import { calendarEnd } from '../../domain/calendar/calendar.ts'
import { dueRange, phases } from '../agenda.ts'
import type { FoldContext } from '../context.ts'
import type { Tick } from '../events.ts'
import { FoldHalt } from '../halt.ts'
import { type Outcome, rejected } from '../outcome.ts'
import type { KeyRange } from '../state.ts'
import { workThrough } from '../work-agenda.ts'

// A tick does everything on the agenda up to its instant (`work-agenda.ts`), save for closing what
// waits for marks.

const phasesOfTick = Object.values(phases).filter((phase) => phase !== phases.closeGuided)

/** Furthest that a live tick may be ahead of the instant the log received it. */
const furthestAhead = 60_000

/** Why a tick is not folded; undefined: it is. Asked before the first step only. */
export function refuseTick(tick: Tick, context: FoldContext): Outcome | undefined {
  const { ledger, record, row } = context
  if (row.clock !== null && tick.at <= row.clock) return { kind: 'duplicate' }
  if (ledger.clock === 'live' && tick.at > record.appendedAt + furthestAhead) {
    return rejected('CLOCK_AHEAD', 'at: more than 60 s ahead of the instant the log received it')
  }
  return undefined
}

/** The parts of the agenda that a step of the tick needs. */
export function rangesOfTick({ at }: Tick): KeyRange[] {
  return phasesOfTick.map((phase) => dueRange(phase, at))
}

/** Folds one step; true when the tick is done. */
export function foldTickStep(tick: Tick, context: FoldContext): boolean {
  const { row } = context
  haltBeyondCalendars(tick, context)
  row.clock = tick.at
  if (!workThrough(context, phasesOfTick, tick.at, tick.at)) return false
  row.closedThrough = tick.at
  return true
}

function haltBeyondCalendars({ at }: Tick, { books, row }: FoldContext): void {
  if (row.ruleBookVersion === 0) return
  for (const calendarId of books.ruleBook(row.ruleBookVersion).calendars.keys()) {
    const calendar = books.calendar(calendarId, row.ruleBookVersion)
    if (calendar === undefined || at < calendarEnd(calendar)) continue
    throw new FoldHalt('CALENDAR_EXHAUSTED', `publish more days of calendar ${calendarId}`)
  }
}
