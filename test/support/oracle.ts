import { onePartition } from '../../src/fold/context.ts'
import type { Emitter } from '../../src/fold/emissions.ts'
import type { CreateFold } from '../../src/fold/partition-fold.ts'
import type { Codec } from '../../src/ports/codec.ts'
import type { Position } from '../../src/ports/log.ts'
import type { FoldSetup } from '../../src/runtime/settings.ts'
import { MemoryState } from './memory-state.ts'

export interface LoggedRecord {
  readonly offset: number
  readonly value: Uint8Array
}

/** State and number of emissions at one position, gaps of the log included. */
export interface OracleState {
  readonly rows: ReadonlyMap<string, Uint8Array>
  readonly outSeq: number
}

/** The fold of a whole log in memory, step by step: what every run must equal. */
export class Oracle {
  /** The emission with outSeq i, as the codec writes it. */
  readonly emissions: string[] = []
  private readonly states = new Map<string, OracleState>()
  private readonly ends: number[] = []

  constructor(
    records: readonly LoggedRecord[],
    partition: number,
    setup: Pick<FoldSetup, 'codec' | 'tools' | 'ledger'> & { readonly createFold: CreateFold },
  ) {
    const state = new MemoryState()
    const emit = collector(setup.codec, this.emissions)
    const { tools, ledger } = setup
    const fold = setup.createFold({ partition, state, emit, tools, ledger, routing: onePartition })
    this.keep(state, 0, 0)
    for (const { offset, value } of records) {
      const decoded = setup.codec.decodeEvent(value)
      const record = { offset, value, decoded, appendedAt: 0 }
      let step = 0
      while (!fold.fold(record, step)) {
        step += 1
        this.keep(state, offset, step)
      }
      this.keep(state, offset + 1, 0)
    }
  }

  at({ offset, step }: Position): OracleState | undefined {
    if (step > 0) return this.states.get(`${offset}.${step}`)
    // Behind the last record at or below it lie only gaps.
    const end = this.ends.findLast((place) => place <= offset)
    return this.states.get(`${end}.0`)
  }

  private keep(state: MemoryState, offset: number, step: number): void {
    const outSeq = this.emissions.length
    this.states.set(`${offset}.${step}`, { rows: new Map(state.rows), outSeq })
    if (step === 0) this.ends.push(offset)
  }
}

function collector(codec: Codec, into: string[]): Emitter {
  const text = (bytes: Uint8Array): void => {
    into.push(Buffer.from(bytes).toString('latin1'))
  }
  return {
    entry: (_, bytes) => text(bytes),
    statement: (statement) => text(codec.encodeStatement(into.length, statement)),
    instruction: (instruction) => text(codec.encodeInstruction(into.length, instruction)),
    notice: (notice) => text(codec.encodeNotice(into.length, notice)),
    rejection: (rejection) => text(codec.encodeRejection(into.length, rejection)),
    forward: (_, event) => text(codec.encodeEvent(event)),
  }
}
