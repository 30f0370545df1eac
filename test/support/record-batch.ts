import type { RecordBatch, Topic } from '../../src/ports/log.ts'
import type { LoggedRecord } from './oracle.ts'

/** A batch of these records, in bytes of its own. */
export function recordBatch(
  records: readonly LoggedRecord[],
  place: { readonly topic: Topic; readonly partition: number; readonly nextOffset: number },
): RecordBatch {
  const count = records.length
  const valueStart = new Int32Array(count)
  const valueEnd = new Int32Array(count)
  let at = 0
  for (const [index, { value }] of records.entries()) {
    valueStart[index] = at
    at += value.length
    valueEnd[index] = at
  }
  return {
    ...place,
    count,
    bytes: new Uint8Array(Buffer.concat(records.map(({ value }) => value))),
    offsets: Float64Array.from(records.map(({ offset }) => offset)),
    appendTimes: new Float64Array(count),
    keyStart: new Int32Array(count),
    keyEnd: new Int32Array(count).fill(-1),
    valueStart,
    valueEnd,
  }
}
