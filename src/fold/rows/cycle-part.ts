import { type Cycle, cycleKinds } from '../../domain/calendar/cycle.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** A cycle inside a row. */
export function encodeCycle(cycle: Cycle, writer: ByteWriter): void {
  writer.byte(cycleKinds.indexOf(cycle.kind))
  writer.text(cycle.calendar)
  writer.byte(cycle.cutoffDay)
  writer.unsigned(cycle.grace)
  writer.unsigned(cycle.starts.length)
  for (const day of cycle.starts) writer.signed(day)
}

export function decodeCycle(reader: ByteReader): Cycle {
  return {
    kind: cycleKinds[reader.byte()] as Cycle['kind'],
    calendar: reader.text(),
    cutoffDay: reader.byte(),
    grace: reader.unsigned(),
    starts: reader.list(() => reader.signed()),
  }
}
