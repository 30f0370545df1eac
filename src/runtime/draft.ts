import { strict as assert } from 'node:assert'
import { crc32 } from 'node:zlib'
import type { Decoded } from '../fold/context.ts'
import type { PartitionFold } from '../fold/partition-fold.ts'
import type { Codec } from '../ports/codec.ts'
import type { OutgoingBatch, Position, RecordBatch } from '../ports/log.ts'
import type { EmissionCount, EmissionLog } from './emission-log.ts'
import type { LastRecord } from './meta.ts'
import { comparePositions } from './position.ts'
import type { Generation, TaskState } from './task-state.ts'

/** Everything that one commit moves, from the position of the last one to `position`. */
export interface FrozenDraft {
  readonly position: Position
  readonly generation: Generation
  readonly outputs: readonly OutgoingBatch[]
  readonly count: EmissionCount
  readonly last: LastRecord | undefined
}

/** What the driver of a draft decides between steps. */
export interface DraftControl {
  /** Folding ends here, even within a batch or a record. */
  readonly until: Position | undefined
  isDue(): boolean
  cut(): Promise<void>
  breathe(): Promise<void>
}

export interface DraftParts {
  readonly codec: Codec
  readonly state: TaskState
  readonly emissions: EmissionLog
  readonly fold: PartitionFold
  readonly sliceRecords: number
  readonly position: Position
  readonly last: LastRecord | undefined
}

interface MutableRecord {
  offset: number
  decoded: Decoded
  value: Uint8Array
  appendedAt: number
}

const noBytes = new Uint8Array(0)

/**
 * Folds records into uncommitted rows and emissions. Between two steps it can be frozen at any
 * time. Nothing is allocated per record but the decoded event and the view of its bytes.
 */
export class Draft {
  readonly state: TaskState
  readonly emissions: EmissionLog
  /** Records and steps since the last freeze. */
  folded = 0
  /** Records whose last step is folded, since the draft was made. */
  records = 0
  private readonly codec: Codec
  private readonly fold: PartitionFold
  private readonly sliceRecords: number
  private readonly record: MutableRecord
  private readonly decoded: Decoded[] = []
  private readonly values: Uint8Array[] = []
  private offset: number
  private step: number
  private last: LastRecord | undefined
  private lastOffset = 0
  /** The value of the last record while its bytes are valid. */
  private lastValue: Uint8Array | undefined

  constructor(parts: DraftParts) {
    this.codec = parts.codec
    this.state = parts.state
    this.emissions = parts.emissions
    this.fold = parts.fold
    this.sliceRecords = parts.sliceRecords
    this.offset = parts.position.offset
    this.step = parts.position.step
    this.last = parts.last
    const decoded: Decoded = { ok: false, code: 'SCHEMA_INVALID', message: '' }
    this.record = { offset: 0, decoded, value: noBytes, appendedAt: 0 }
  }

  /** P: the place of the next step to fold. */
  get position(): Position {
    return { offset: this.offset, step: this.step }
  }

  /** Folds what lies at or after the position; records before it are skipped. */
  async foldBatch(batch: RecordBatch, control: DraftControl): Promise<void> {
    let from = 0
    while (from < batch.count && (batch.offsets[from] as number) < this.offset) from += 1
    for (; from < batch.count && !this.isAt(control.until); from += this.sliceRecords) {
      const to = Math.min(batch.count, from + this.sliceRecords)
      await this.prefetch(batch, from, to)
      await this.foldSlice(batch, from, to, control)
      await control.breathe()
    }
    this.endBatch(batch, control.until)
  }

  /** Passes what the log left out before `position`, which is where folding was to end. */
  skipTo(position: Position): void {
    assert(this.step === 0 || this.isAt(position), 'a record was left half folded')
    if (!this.isAt(position)) this.moveTo(position.offset, 0)
    assert(comparePositions(this.position, position) === 0, 'folding went past its end')
  }

  /** Closes the draft and begins the next one. */
  freeze(): FrozenDraft {
    this.folded = 0
    return {
      position: this.position,
      generation: this.state.freeze(),
      outputs: this.emissions.drain(),
      count: this.emissions.count(),
      last: this.lastRecord(),
    }
  }

  private async prefetch(batch: RecordBatch, from: number, to: number): Promise<void> {
    const keys: string[] = []
    for (let index = from; index < to; index += 1) {
      const value = batch.bytes.subarray(batch.valueStart[index], batch.valueEnd[index])
      this.values[index - from] = value
      this.decoded[index - from] = this.codec.decodeEvent(value)
      this.take(batch, index, index - from)
      for (const key of this.fold.readsOf(this.record)) keys.push(key)
    }
    if (keys.length > 0) await this.state.load(keys)
  }

  private async foldSlice(
    batch: RecordBatch,
    from: number,
    to: number,
    control: DraftControl,
  ): Promise<void> {
    for (let index = from; index < to; index += 1) {
      if (this.isAt(control.until)) return
      this.take(batch, index, index - from)
      const { offset } = this.record
      assert(offset >= this.offset, 'records of a batch must rise')
      assert(offset === this.offset || this.step === 0, 'the record folded in part is gone')
      // Gaps are control records of the log.
      if (offset > this.offset) this.moveTo(offset, 0)
      const rest = this.foldRecord(control)
      if (rest !== undefined) await rest
      if (control.isDue()) await control.cut()
    }
  }

  /** Returns nothing to wait for where the record is done in one step without ranges. */
  private foldRecord(control: DraftControl): Promise<void> | undefined {
    const { record, step } = this
    if (this.fold.rangesOf(record, step).length > 0) return this.foldSteps(control)
    if (!this.foldStep()) return this.foldSteps(control)
    return undefined
  }

  private async foldSteps(control: DraftControl): Promise<void> {
    for (;;) {
      if (control.isDue()) await control.cut()
      if (this.isAt(control.until)) return
      const ranges = this.fold.rangesOf(this.record, this.step)
      if (ranges.length > 0) await this.state.loadRanges(ranges)
      if (this.foldStep()) break
      await control.breathe()
    }
    this.state.forgetRanges()
  }

  private foldStep(): boolean {
    const { offset } = this.record
    const done = this.fold.fold(this.record, this.step)
    this.state.settle()
    this.lastOffset = offset
    this.lastValue = this.record.value
    this.folded += 1
    if (done) {
      this.records += 1
      this.moveTo(offset + 1, 0)
    } else this.moveTo(offset, this.step + 1)
    return done
  }

  private take(batch: RecordBatch, index: number, at: number): void {
    const { record } = this
    record.offset = batch.offsets[index] as number
    record.appendedAt = batch.appendTimes[index] as number
    record.value = this.values[at] as Uint8Array
    record.decoded = this.decoded[at] as Decoded
  }

  private endBatch(batch: RecordBatch, until: Position | undefined): void {
    this.last = this.lastRecord()
    this.lastValue = undefined
    if (this.isAt(until)) return
    const next = until === undefined ? batch.nextOffset : Math.min(batch.nextOffset, until.offset)
    // Control records behind the last record are passed as well.
    if (next > this.offset) this.moveTo(next, 0)
  }

  private lastRecord(): LastRecord | undefined {
    if (this.lastValue === undefined) return this.last
    return { offset: this.lastOffset, hash: crc32(this.lastValue) }
  }

  private moveTo(offset: number, step: number): void {
    this.offset = offset
    this.step = step
  }

  private isAt(until: Position | undefined): boolean {
    return until !== undefined && comparePositions(this.position, until) >= 0
  }
}
