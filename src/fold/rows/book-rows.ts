import type { ByteReader, ByteWriter } from '../bytes.ts'
import type { CalendarDay, CalendarPublished, DayStart, RuleBookPublished } from '../events.ts'

/** A published rule book as the log gave it; it is compiled where it is used. */
export function encodeRuleBook(row: RuleBookPublished, writer: ByteWriter): void {
  writer.byte(1)
  writer.text(row.eventId)
  writer.signed(row.occurredAt)
  writer.optionalText(row.source)
  writer.text(row.ruleBookId)
  writer.unsigned(row.version)
  writer.text(row.document)
  writer.list(row.days, (day) => encodeDay(day, writer))
}

export function decodeRuleBook(reader: ByteReader): RuleBookPublished {
  reader.byte()
  return {
    type: 'RuleBookPublished',
    eventId: reader.text(),
    occurredAt: reader.signed(),
    source: reader.optionalText(),
    ruleBookId: reader.text(),
    version: reader.unsigned(),
    document: reader.text(),
    days: reader.list(() => decodeDay(reader)),
  }
}

export function encodeCalendar(row: CalendarPublished, writer: ByteWriter): void {
  writer.byte(1)
  writer.text(row.eventId)
  writer.signed(row.occurredAt)
  writer.optionalText(row.source)
  writer.text(row.calendarId)
  writer.unsigned(row.version)
  writer.text(row.zone)
  writer.list(row.days, (day) => {
    encodeDay(day, writer)
    writer.flag(day.workday)
  })
}

export function decodeCalendar(reader: ByteReader): CalendarPublished {
  reader.byte()
  return {
    type: 'CalendarPublished',
    eventId: reader.text(),
    occurredAt: reader.signed(),
    source: reader.optionalText(),
    calendarId: reader.text(),
    version: reader.unsigned(),
    zone: reader.text(),
    days: reader.list((): CalendarDay => ({ ...decodeDay(reader), workday: reader.flag() })),
  }
}

function encodeDay({ day, startsAt }: DayStart, writer: ByteWriter): void {
  writer.signed(day)
  writer.signed(startsAt)
}

function decodeDay(reader: ByteReader): DayStart {
  return { day: reader.signed(), startsAt: reader.signed() }
}
