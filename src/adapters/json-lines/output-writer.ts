import type { Instant } from '../../domain/calendar/calendar.ts'
import { type Day, formatDay } from '../../domain/calendar/day.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import type { Minor } from '../../domain/money/money.ts'
import type { FeeTotal, HistoryStep, Leg, Statement } from '../../domain/statements/statement.ts'
import type { Instruction, Notice, Rejection } from '../../fold/emissions.ts'
import type { JsonObject } from './event-writer.ts'
import { formatInstant } from './instants.ts'

/** An entry as it was read from the log. */
export interface EntryRow {
  readonly statementId: string
  readonly entryNo: number
  readonly eventId: string | null
}

/** A line of that entry. */
export interface LineRow {
  readonly seq: number
  readonly orderId: string | null
  readonly lineNo: number | null
  readonly sku: string | null
  readonly feeType: string
  readonly leg: Leg
  readonly amount: Minor
  readonly taxAmount: Minor | null
  readonly basis: BasisRow | null
  readonly ruleId: string | null
  readonly ruleBookVersion: number | null
  readonly occurredAt: Instant
  readonly originLineId: string | null
  readonly originPeriod: Day | null
  readonly lateReason: string | null
}

export interface BasisRow {
  readonly of: string
  readonly base: Minor | null
  readonly rate: string | null
  readonly exact: string | null
}

/** The released schema of the entries that `root` is made of. */
const entrySchema = 'Entry-1'

/** A line of `lines.jsonl`. */
export function lineJson(entry: EntryRow, line: LineRow): JsonObject {
  const [partyId, , , currency] = entry.statementId.split('/') as [string, string, string, string]
  return present({
    lineId: `${entry.statementId}#${line.seq}`,
    statementId: entry.statementId,
    seq: line.seq,
    entryNo: entry.entryNo,
    eventId: entry.eventId,
    partyId,
    orderId: line.orderId,
    lineNo: line.lineNo,
    sku: line.sku,
    feeType: line.feeType,
    leg: line.leg,
    amount: formatMinor(line.amount, currency),
    taxAmount: money(line.taxAmount, currency),
    currency,
    basis: line.basis === null ? null : basisJson(line.basis, currency),
    ruleId: line.ruleId,
    ruleBookVersion: line.ruleBookVersion,
    occurredAt: formatInstant(line.occurredAt),
    originLineId: line.originLineId,
    originPeriod: line.originPeriod === null ? null : formatDay(line.originPeriod),
    lateReason: line.lateReason,
  })
}

function basisJson({ of, base, rate, exact }: BasisRow, currency: string): JsonObject {
  return present({ of, base: money(base, currency), rate, exact })
}

/** A line of `statements.jsonl`. */
export function statementJson(statement: Readonly<Statement>): JsonObject {
  const { currency } = statement
  const closed = statement.number > 0 ? statement : null
  return present({
    statementId: statement.statementId,
    number: closed?.number,
    partyId: statement.partyId,
    partyKind: statement.partyKind,
    entity: statement.entity,
    mode: statement.mode,
    currency,
    zone: statement.zone,
    cycle: statement.cycle,
    periodStart: formatInstant(statement.periodStart),
    periodEnd: formatInstant(statement.periodEnd),
    status: statement.status,
    opening: formatMinor(statement.opening, currency),
    total: formatMinor(statement.total, currency),
    closing: formatMinor(statement.closing, currency),
    taxTotal: formatMinor(statement.taxTotal, currency),
    totals: statement.totals.map((total) => totalJson(total, currency)),
    lineCount: statement.lineCount,
    entryCount: statement.entryCount,
    root: hex(closed?.root),
    previousRoot: hex(closed?.previousRoot),
    entrySchema,
    closedAt: instant(closed?.closedAt),
    finalisedAt: instant(closed?.finalisedAt),
    dueOn: statement.dueOn === null ? null : formatDay(statement.dueOn),
    ruleBookVersions: statement.ruleBookVersions,
    lateLines: statement.lateLines,
    history: statement.history.map(stepJson),
  })
}

function totalJson({ feeType, forward, reverse, other }: FeeTotal, currency: string): JsonObject {
  return {
    feeType,
    forward: formatMinor(forward, currency),
    reverse: formatMinor(reverse, currency),
    other: formatMinor(other, currency),
    net: formatMinor(forward + reverse + other, currency),
  }
}

function stepJson({ status, at, by, reason }: HistoryStep): JsonObject {
  return present({ status, at: formatInstant(at), by, reason })
}

/** A line of `notices.jsonl`; facts keep their order, and a name may stand twice. */
export function noticeJson(notice: Notice): JsonObject {
  const { noticeId, kind, partyId, statementId, at, facts } = notice
  return present({
    noticeId,
    kind,
    partyId,
    statementId,
    at: formatInstant(at),
    facts: facts.map(({ name, value }) => ({ name, value })),
  })
}

/** A line of `rejections.jsonl`; `event` is null when the record could not be decoded. */
export function rejectionJson(rejection: Rejection, event: JsonObject | null): JsonObject {
  const { eventId, type, partyId, code, message, partition, offset, firstSeenAt } = rejection
  return present({
    eventId,
    type,
    partyId,
    code,
    message,
    partition,
    offset,
    firstSeenAt: instant(firstSeenAt),
    event,
  })
}

/** A line of `instructions.jsonl`. */
export function instructionJson(instruction: Instruction): JsonObject {
  const { amount, currency, dueOn } = instruction
  return present({
    instructionId: instruction.instructionId,
    kind: instruction.kind,
    statementId: instruction.statementId,
    partyId: instruction.partyId,
    entity: instruction.entity,
    amount: formatMinor(amount, currency),
    currency,
    dueOn: dueOn === null ? null : formatDay(dueOn),
    attempt: instruction.attempt,
    idempotencyKey: instruction.idempotencyKey,
  })
}

/** Absent fields are left out, never null. */
function present(json: JsonObject): JsonObject {
  const kept: JsonObject = {}
  for (const [name, value] of Object.entries(json)) {
    if (value !== null && value !== undefined) kept[name] = value
  }
  return kept
}

function money(amount: Minor | null, currency: string): string | null {
  return amount === null ? null : formatMinor(amount, currency)
}

function instant(value: Instant | null | undefined): string | null {
  return value === null || value === undefined ? null : formatInstant(value)
}

function hex(bytes: Uint8Array | null | undefined): string | null {
  return bytes === null || bytes === undefined ? null : Buffer.from(bytes).toString('hex')
}
