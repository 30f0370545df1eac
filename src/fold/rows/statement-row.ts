import {
  type FeeTotal,
  type HistoryStep,
  type Statement,
  type StatementStatus,
  statementStatuses,
} from '../../domain/statements/statement.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { decodeCycle, encodeCycle } from './cycle-part.ts'

/** The row of a statement: its document without the lines, and its seal so far. */
export function encodeStatementRow(row: Statement, writer: ByteWriter): void {
  writer.byte(3)
  writer.text(row.statementId)
  writer.text(row.partyId)
  writer.text(row.partyKind)
  writer.text(row.entity)
  writer.text(row.mode)
  writer.text(row.currency)
  writer.text(row.zone)
  encodeCycle(row.cycleTerms, writer)
  writer.signed(row.periodStart)
  writer.signed(row.periodEnd)
  writer.signed(row.closesAt)
  writer.text(row.periodDay)
  encodeStatus(row.status, writer)
  writer.unsigned(row.number)
  writer.signed(row.opening)
  writer.signed(row.total)
  writer.signed(row.closing)
  writer.signed(row.taxTotal)
  encodeTotals(row.totals, writer)
  writer.unsigned(row.magnitude)
  writer.unsigned(row.lineCount)
  writer.unsigned(row.entryCount)
  writer.unsigned(row.lateLines)
  writer.unsigned(row.frontier.length)
  for (const hash of row.frontier) writer.raw(hash)
  encodeRoot(row.root, writer)
  encodeRoot(row.previousRoot, writer)
  writer.optionalSigned(row.closedAt)
  writer.optionalSigned(row.finalisedAt)
  writer.optionalSigned(row.dueOn)
  writer.unsigned(row.debts)
  writer.unsigned(row.ruleBookVersions.length)
  for (const version of row.ruleBookVersions) writer.unsigned(version)
  encodeHistory(row.history, writer)
  writer.flag(row.keepsAmounts)
}

// Loops, since each closure of a list would be made anew for every row.

function encodeTotals(totals: readonly FeeTotal[], writer: ByteWriter): void {
  writer.unsigned(totals.length)
  for (const { feeType, forward, reverse, other } of totals) {
    writer.text(feeType)
    writer.signed(forward)
    writer.signed(reverse)
    writer.signed(other)
  }
}

function encodeHistory(history: readonly HistoryStep[], writer: ByteWriter): void {
  writer.unsigned(history.length)
  for (const { status, at, by, reason } of history) {
    encodeStatus(status, writer)
    writer.signed(at)
    writer.optionalText(by)
    writer.optionalText(reason)
  }
}

/** The fields in the order of `openStatement`, so that both make objects of one shape. */
export function decodeStatementRow(reader: ByteReader): Statement {
  const version = reader.byte()
  const statementId = reader.text()
  const partyId = reader.text()
  const partyKind = reader.text()
  const entity = reader.text()
  const mode = reader.text()
  const currency = reader.text()
  const zone = reader.text()
  const cycleTerms = decodeCycle(reader)
  return {
    statementId,
    partyId,
    partyKind,
    entity,
    mode,
    currency,
    zone,
    cycle: cycleTerms.kind,
    cycleTerms,
    periodStart: reader.signed(),
    periodEnd: reader.signed(),
    closesAt: reader.signed(),
    periodDay: reader.text(),
    status: decodeStatus(reader),
    number: reader.unsigned(),
    opening: reader.signed(),
    total: reader.signed(),
    closing: reader.signed(),
    taxTotal: reader.signed(),
    totals: reader.list(() => ({
      feeType: reader.text(),
      forward: reader.signed(),
      reverse: reader.signed(),
      other: reader.signed(),
    })),
    magnitude: reader.unsigned(),
    lineCount: reader.unsigned(),
    entryCount: reader.unsigned(),
    lateLines: reader.unsigned(),
    frontier: reader.list(() => reader.take(32)),
    root: decodeRoot(reader),
    previousRoot: decodeRoot(reader),
    closedAt: reader.optionalSigned(),
    finalisedAt: reader.optionalSigned(),
    dueOn: version === 1 ? null : reader.optionalSigned(),
    debts: version === 1 ? 0 : reader.unsigned(),
    ruleBookVersions: reader.list(() => reader.unsigned()),
    history: reader.list(() => ({
      status: decodeStatus(reader),
      at: reader.signed(),
      by: reader.optionalText(),
      reason: reader.optionalText(),
    })),
    keepsAmounts: version >= 3 && reader.flag(),
  }
}

function encodeStatus(status: StatementStatus, writer: ByteWriter): void {
  writer.byte(statementStatuses.indexOf(status))
}

function decodeStatus(reader: ByteReader): StatementStatus {
  return statementStatuses[reader.byte()] as StatementStatus
}

function encodeRoot(root: Uint8Array | null, writer: ByteWriter): void {
  writer.flag(root !== null)
  if (root !== null) writer.raw(root)
}

function decodeRoot(reader: ByteReader): Uint8Array | null {
  return reader.flag() ? reader.take(32) : null
}
