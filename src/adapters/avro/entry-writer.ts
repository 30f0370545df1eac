import { strict as assert } from 'node:assert'
import { parseDay } from '../../domain/calendar/day.ts'
import type { EntryDraft } from '../../domain/statements/entry.ts'
import { type Leg, legs } from '../../domain/statements/statement.ts'
import type { AvroWriter } from './avro-writer.ts'

const places: ReadonlyMap<Leg, number> = new Map(legs.map((leg, place) => [leg, place]))

/** Writes `Entry` of `schemas/Entry.avsc` straight from the draft's columns: no object per line. */
export function writeEntry(writer: AvroWriter, entry: EntryDraft): void {
  writer.text(entry.statementId)
  writer.long(entry.entryNo)
  writeText(writer, entry.eventId)
  if (entry.count > 0) writer.long(entry.count)
  for (let line = 0; line < entry.count; line += 1) writeLine(writer, entry, line)
  writer.long(0)
}

function writeLine(writer: AvroWriter, entry: EntryDraft, line: number): void {
  writer.long(entry.firstSeq + line)
  writeText(writer, entry.orderId[line])
  writeLong(writer, entry.lineNo[line])
  writeText(writer, entry.sku[line])
  writer.text(entry.feeType[line] as string)
  writer.long(places.get(entry.leg[line] as Leg) as number)
  writer.long(entry.amount[line] as number)
  writeLong(writer, entry.taxAmount[line])
  writeBasis(writer, entry, line)
  writeText(writer, entry.ruleId[line])
  writeLong(writer, entry.ruleBookVersion[line])
  writer.long(entry.occurredAt[line] as number)
  writeText(writer, entry.originLineId[line])
  writeOrigin(writer, entry.originPeriod[line] ?? null)
}

function writeBasis(writer: AvroWriter, entry: EntryDraft, line: number): void {
  const of = entry.basisOf[line] ?? null
  if (of === null) {
    writer.long(0)
    return
  }
  writer.long(1)
  writer.text(of)
  writeLong(writer, entry.basisBase[line])
  writeText(writer, entry.basisRate[line])
  writeText(writer, entry.basisExact[line])
}

/** The period that a late line belongs to and, with it, the only reason for being late. */
function writeOrigin(writer: AvroWriter, originPeriod: string | null): void {
  if (originPeriod === null) {
    writer.long(0)
    writer.long(0)
    return
  }
  const day = parseDay(originPeriod)
  assert(day !== undefined, 'the fold gave a period that does not start on a day')
  writer.long(1)
  writer.long(day)
  writer.long(1)
  writer.long(0)
}

function writeText(writer: AvroWriter, value: string | null | undefined): void {
  if (value === null || value === undefined) {
    writer.long(0)
    return
  }
  writer.long(1)
  writer.text(value)
}

function writeLong(writer: AvroWriter, value: number | null | undefined): void {
  if (value === null || value === undefined) {
    writer.long(0)
    return
  }
  writer.long(1)
  writer.long(value)
}
