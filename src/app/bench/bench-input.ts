import { createAvroCodec } from '../../adapters/avro/avro-codec.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { Event } from '../../fold/events.ts'
import type { Codec } from '../../ports/codec.ts'
import { schemasFolder } from '../compose.ts'
import { noMark } from '../process/mark.ts'
import { checkRuleBookFile, publicationFor } from '../process/publish.ts'
import { ruleBookOf } from '../rule-book-file.ts'
import { benchRuleBook, Model } from './model.ts'
import { type WorkloadOptions, workload } from './workload.ts'

/** A workload in the bytes of the log, and what must come of it. */
export interface BenchInput {
  readonly codec: Codec
  /** Rule book and calendars, to be folded first. */
  readonly publication: readonly Event[]
  readonly events: readonly Event[]
  /** The events' records, in order. */
  readonly values: readonly Uint8Array[]
  readonly model: Model
}

/** Generates and encodes a workload; nothing of this is measured. */
export function benchInput(options: WorkloadOptions): BenchInput {
  const codec = createAvroCodec(schemasFolder)
  const model = new Model()
  const events = [...workload(options, model)]
  const file = ruleBookOf(benchRuleBook)
  const scan = {
    count: events.length,
    earliest: events[0]?.occurredAt ?? 0,
    latest: events.at(-1)?.occurredAt ?? 0,
    ruleBooks: [],
  }
  const ruleBook = checkRuleBookFile('bench', file)
  const publication = publicationFor('bench', file, ruleBook, scan, noMark).events
  return {
    codec,
    publication,
    events,
    values: events.map((event) => codec.encodeEvent(event)),
    model,
  }
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
