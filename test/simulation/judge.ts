import type { StoreWrite } from '../../src/ports/store.ts'
import { decodeMeta, metaKey } from '../../src/runtime/meta.ts'
import { comparePositions, showPosition } from '../../src/runtime/position.ts'
import { emissionsIn } from '../support/fake-codec.ts'
import type { Disk } from '../support/faulty-store.ts'
import { Oracle } from '../support/oracle.ts'
import { SimulatedPartition } from '../support/simulated-log.ts'
import type { Workload } from './workload.ts'

/** A record to be appended, and how many control records follow it. */
export interface InputRecord {
  readonly value: Uint8Array
  readonly gap: number
}

interface Judged {
  readonly partition: SimulatedPartition
  readonly oracle: Oracle
  /** Batches and emissions of the partition that were found right. */
  batches: number
  emissions: number
}

/** Compares what a run has made with the fold of its whole log. The first complaint stands. */
export class Judge {
  private readonly judged: readonly Judged[]
  private violation: string | undefined
  commits = 0
  cuts = 0

  constructor(
    workload: Workload,
    inputs: readonly (readonly InputRecord[])[],
    partitions: readonly SimulatedPartition[],
  ) {
    this.judged = partitions.map((partition, number) => ({
      partition,
      oracle: oracleOf(workload, inputs[number] ?? [], number),
      batches: 0,
      emissions: 0,
    }))
  }

  violate(what: string): void {
    this.violation ??= what
  }

  /** Throws the first complaint. */
  pronounce(seed: number): void {
    if (this.violation !== undefined) throw new Error(`seed ${seed}: ${this.violation}`)
  }

  /** R3: what is visible is the oracle's prefix, each emission once. R4: it ends at C. */
  committed(number: number): void {
    this.commits += 1
    const judged = this.judged[number] as Judged
    const { partition, oracle } = judged
    for (const [outSeq, text] of this.fresh(judged)) {
      const due = judged.emissions
      if (outSeq !== due || oracle.emissions[due] !== text) {
        this.violate(`R3: emission ${due} is wrong, missing or doubled`)
      }
      judged.emissions += 1
    }
    const position = partition.committed?.position ?? { offset: 0, step: 0 }
    if (position.step > 0) this.cuts += 1
    const due = oracle.at(position)?.outSeq
    if (judged.emissions !== due) {
      this.violate(`R4: ${judged.emissions} emissions of ${due} at ${showPosition(position)}`)
    }
  }

  /** R1, M1 and R5: the rows are the fold at S, and S is at or before C. */
  written(disk: Disk, number: number, writes: readonly StoreWrite[]): void {
    const { partition, oracle } = this.judged[number] as Judged
    const description = writes.find(([key]) => key === metaKey)?.[1]
    if (description === undefined) return this.violate('M1: a batch that does not say where it is')
    const { position } = decodeMeta(description)
    const committed = partition.committed?.position ?? { offset: 0, step: 0 }
    if (comparePositions(position, committed) > 0) {
      this.violate(`R5: store at ${showPosition(position)}, C ${showPosition(committed)}`)
    }
    if (disk.isDamaged) return
    const expected = oracle.at(position)?.rows ?? new Map<string, Uint8Array>()
    if (!areRows(disk.rows, expected)) {
      this.violate(`R1: the store is not the fold at ${showPosition(position)}`)
    }
  }

  /** At the end of a run nothing may be missing. */
  ended(): void {
    for (const { emissions, oracle } of this.judged) {
      if (emissions !== oracle.emissions.length) this.violate('R3: outputs are missing')
    }
  }

  /** Emissions that became visible since the last call, in the order of outSeq. */
  private fresh(judged: Judged): (readonly [number, string])[] {
    const { visible } = judged.partition
    const batches = visible.slice(judged.batches)
    judged.batches = visible.length
    return batches
      .flatMap(({ records }) => records.flatMap(({ value }) => emissionsIn(value)))
      .sort(([left], [right]) => left - right)
  }
}

function areRows(
  rows: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, Uint8Array>,
): boolean {
  let count = 0
  for (const [key, value] of rows) {
    if (key.startsWith('\u0000')) continue
    count += 1
    const due = expected.get(key)
    if (due === undefined || Buffer.compare(value.subarray(0, -4), due) !== 0) return false
  }
  return count === expected.size
}

function oracleOf(workload: Workload, input: readonly InputRecord[], number: number): Oracle {
  const log = new SimulatedPartition()
  for (const { value, gap } of input) log.append(value, gap)
  const { codec, tools, createFold } = workload
  return new Oracle(log.records, number, { codec, tools, createFold, ledger: { clock: 'replay' } })
}
