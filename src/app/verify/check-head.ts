import { Temporal } from 'temporal-polyfill'
import { parseDay } from '../../domain/calendar/day.ts'
import type { Break } from './breaks.ts'
import type { ReadStatement } from './read-statement.ts'

/** The first of a statement's own fields that does not agree with the others. */
export function headBreak(statement: ReadStatement): Break | undefined {
  const message = keyFault(statement) ?? closedFault(statement) ?? periodFault(statement)
  const found = message ?? historyFault(statement)
  if (found === undefined) return undefined
  return { statementId: statement.statementId, check: 'head', message: found }
}

function keyFault({ statementId, key, json }: ReadStatement): string | undefined {
  const parts = statementId.split('/')
  const named = key.split('/')
  const names = ['partyId', 'entity', 'mode', 'currency', 'cycle']
  if (parts.length !== 6) return 'statementId is not made of six parts'
  const at = names.findIndex((_, place) => parts[place] !== named[place])
  if (at >= 0) return `${names[at]} is ${named[at]}, statementId says ${parts[at]}`
  if (json.cycle !== 'REALTIME' && parseDay(parts[5] as string) === undefined) {
    return `statementId ends in ${parts[5]}, which is no day`
  }
  return undefined
}

/** What is there from closing on comes together. */
function closedFault(statement: ReadStatement): string | undefined {
  const { json, closedAt, finalisedAt, previousRoot } = statement
  const isOpen = json.status === 'OPEN' || json.status === 'CLOSING'
  if (isOpen) {
    const given = ['number', 'root', 'previousRoot', 'closedAt', 'finalisedAt'] as const
    const extra = given.find((name) => json[name] !== undefined)
    return extra === undefined
      ? undefined
      : `${extra} is given, though the status is ${json.status}`
  }
  if (statement.number < 1) return 'number must be from 1 on a closed statement'
  if (statement.root === null) return 'root is missing on a closed statement'
  if (closedAt === null) return 'closedAt is missing on a closed statement'
  if (closedAt < statement.periodEnd) return 'closedAt is before periodEnd'
  if (json.status !== 'CLOSED' && finalisedAt !== closedAt) return 'finalisedAt is not closedAt'
  if (statement.number === 1 && previousRoot !== null) return 'previousRoot is given on number 1'
  return undefined
}

function periodFault(statement: ReadStatement): string | undefined {
  const { json, periodStart, periodEnd, statementId } = statement
  if (!isZone(json.zone)) return `zone ${json.zone} does not exist`
  if (json.cycle === 'REALTIME') {
    return periodStart === periodEnd ? undefined : 'periodEnd is not periodStart'
  }
  const first = Temporal.PlainDate.from(statementId.split('/')[5] as string)
  if (startOf(first, json.zone) !== periodStart) {
    return `periodStart is not the start of ${first.toString()} in ${json.zone}`
  }
  const next = nextStart(first, json.cycle)
  const fits =
    next === undefined ? isStart(periodEnd, json.zone) : startOf(next, json.zone) === periodEnd
  return fits ? undefined : `periodEnd is not the end of the ${json.cycle} period`
}

/** Undefined for CUSTOM, whose starts are in the contract. */
function nextStart(first: Temporal.PlainDate, cycle: string): Temporal.PlainDate | undefined {
  switch (cycle) {
    case 'DAILY':
      return first.add({ days: 1 })
    case 'WEEKLY':
      return first.add({ days: 7 })
    case 'BIWEEKLY':
      return first.add({ days: 14 })
    case 'MONTHLY':
      return first.add({ months: 1 })
    default:
      return undefined
  }
}

function startOf(day: Temporal.PlainDate, zone: string): number {
  return day.toZonedDateTime(zone).epochMilliseconds
}

function isStart(instant: number, zone: string): boolean {
  const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  return at.startOfDay().epochMilliseconds === instant
}

function isZone(zone: string): boolean {
  try {
    startOf(Temporal.PlainDate.from('2000-01-01'), zone)
    return true
  } catch {
    return false
  }
}

/** Steps that the system takes by itself, with the field that says when. */
const systemSteps: ReadonlyMap<string, 'periodStart' | 'periodEnd' | 'closedAt' | 'finalisedAt'> =
  new Map([
    ['OPEN', 'periodStart'],
    ['CLOSING', 'periodEnd'],
    ['CLOSED', 'closedAt'],
    ['FINALISED', 'finalisedAt'],
  ])

function historyFault(statement: ReadStatement): string | undefined {
  const { json, history, number } = statement
  if (history[0]?.status !== 'OPEN') return 'history does not begin with OPEN'
  if (history.at(-1)?.status !== json.status) return `history does not end in ${json.status}`
  for (let place = 0; place < history.length; place += 1) {
    const fault = stepFault(statement, place)
    if (fault !== undefined) return `history[${place}] ${fault}`
  }
  const wanted = number === 0 ? [] : stepsToClose(statement)
  const missing = wanted.find((status) => history.every((step) => step.status !== status))
  return missing === undefined ? undefined : `history does not have ${missing}`
}

/** CLOSING is the time of grace: where there is none, a statement goes from OPEN to CLOSED. */
function stepsToClose({ json, closedAt, periodEnd }: ReadStatement): string[] {
  const grace = (closedAt ?? periodEnd) > periodEnd ? ['CLOSING'] : []
  return [...grace, 'CLOSED', ...(json.finalisedAt === undefined ? [] : ['FINALISED'])]
}

function stepFault(statement: ReadStatement, place: number): string | undefined {
  const { json, history } = statement
  const { status, at } = history[place] as ReadStatement['history'][number]
  if (history.findIndex((step) => step.status === status) < place && systemSteps.has(status)) {
    return `has ${status} a second time`
  }
  if ((history[place - 1]?.at ?? at) > at) return 'goes back in time'
  const given = systemSteps.get(status)
  if (given === undefined) return undefined
  if (statement[given] !== at) return `of ${status} is not at ${given}`
  const { by, reason } = json.history[place] ?? {}
  const isNamed = by !== undefined || reason !== undefined
  return isNamed ? `names a person or reason for ${status}, which the system does` : undefined
}
