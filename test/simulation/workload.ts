import type { Tools } from '../../src/fold/context.ts'
import type { CreateFold } from '../../src/fold/partition-fold.ts'
import type { Codec } from '../../src/ports/codec.ts'
import type { Chance } from '../support/chance.ts'
import { adjustment, createCountingFold, fakeTools, tick } from '../support/counting-fold.ts'
import { fakeCodec } from '../support/fake-codec.ts'

/** What is folded in a simulation, and the records of one partition. */
export interface Workload {
  readonly codec: Codec
  readonly tools: Tools
  readonly createFold: CreateFold
  /** Values of records in their order; the same chance gives the same ones. */
  readonly input: (chance: Chance) => Uint8Array[]
}

/** The fold in which every mistake of its driver shows. */
export const counting: Workload = {
  codec: fakeCodec,
  tools: fakeTools,
  createFold: createCountingFold,
  input: (chance) =>
    Array.from({ length: 25 + chance.below(45) }, (_, at) => event(chance, `E${at}`)),
}

function event(chance: Chance, eventId: string): Uint8Array {
  if (chance.oneIn(25)) return new Uint8Array([1, 2, 3, chance.below(250)])
  if (chance.oneIn(10)) return tick(eventId, chance.below(120))
  return adjustment(eventId, `M-${chance.below(12)}`, chance.below(105) - 4)
}
