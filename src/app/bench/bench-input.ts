import { createAvroCodec } from '../../adapters/avro/avro-codec.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { Event } from '../../fold/events.ts'
import type { Codec } from '../../ports/codec.ts'
import { schemasFolder } from '../compose.ts'
import { noMark } from '../process/mark.ts'
import { checkRuleBookFile, publicationFor } from '../process/publish.ts'
import { ruleBookOf } from '../rule-book-file.ts'
import { benchRuleBook, Model } from './model.ts'
import { firstInstant, type WorkloadOptions, workload } from './workload.ts'

/** A workload in the bytes of the log, and what must come of it. */
export interface BenchInput {
  readonly codec: Codec
  /** Rule book and calendars, to be folded first. */
  readonly publication: readonly Event[]
  /** The events' records, in order: views over one buffer, made when asked for. */
  readonly values: Values
  readonly model: Model
}

/** Many byte strings in one buffer: a million of them are three objects. */
export class Values {
  count = 0
  private bytes = new Uint8Array(1 << 20)
  private ends = new Float64Array(1 << 12)
  private length = 0

  add(value: Uint8Array): void {
    if (this.length + value.length > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2)
      larger.set(this.bytes)
      this.bytes = larger
    }
    if (this.count === this.ends.length) {
      const larger = new Float64Array(this.ends.length * 2)
      larger.set(this.ends)
      this.ends = larger
    }
    this.bytes.set(value, this.length)
    this.length += value.length
    this.ends[this.count++] = this.length
  }

  at(index: number): Uint8Array {
    const start = index === 0 ? 0 : (this.ends[index - 1] as number)
    return this.bytes.subarray(start, this.ends[index])
  }
}

/** Generates and encodes a workload; nothing of this is measured. */
export function benchInput(options: WorkloadOptions): BenchInput {
  const codec = createAvroCodec(schemasFolder)
  const model = new Model()
  const values = new Values()
  let latest = firstInstant
  for (const event of workload(options, model)) {
    values.add(codec.encodeEvent(event))
    latest = event.occurredAt
  }
  model.forgetOrders()
  const file = ruleBookOf(benchRuleBook)
  const scan = { count: values.count, earliest: firstInstant, latest, ruleBooks: [] }
  const ruleBook = checkRuleBookFile('bench', file)
  const publication = publicationFor('bench', file, ruleBook, scan, noMark).events
  return { codec, publication, values, model }
}

/** Throws unless the statements come to the model's sums, fee by fee. */
export async function checkTotals(
  model: Model,
  statements: AsyncIterable<Statement> | Iterable<Statement>,
): Promise<void> {
  const found = new Map<string, { forward: bigint; reverse: bigint }>()
  for await (const { totals } of statements) {
    for (const { feeType, forward, reverse } of totals) {
      const sums = found.get(feeType) ?? { forward: 0n, reverse: 0n }
      sums.forward += BigInt(forward)
      sums.reverse += BigInt(reverse)
      found.set(feeType, sums)
    }
  }
  for (const [feeType, { forward, reverse }] of model.sums()) {
    const sums = found.get(feeType)
    if (sums?.forward === forward && sums.reverse === reverse) continue
    const came = `${sums?.forward} forward, ${sums?.reverse} reverse`
    throw new Error(`${feeType} came to ${came}; the model says ${forward}, ${reverse}`)
  }
}
