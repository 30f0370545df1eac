import { fileURLToPath } from 'node:url'
import { createAvroCodec } from '../../src/adapters/avro/avro-codec.ts'
import { createOutputReader } from '../../src/adapters/avro/output-reader.ts'
import { sha256 } from '../../src/adapters/hashing/sha256.ts'
import { createEventReader } from '../../src/adapters/json-lines/event-reader.ts'
import type { JsonObject } from '../../src/adapters/json-lines/event-writer.ts'
import {
  instructionJson,
  lineJson,
  noticeJson,
  rejectionJson,
  statementJson,
} from '../../src/adapters/json-lines/output-writer.ts'
import { createMemoryStore } from '../../src/adapters/memory-store/memory-store.ts'
import { noMark } from '../../src/app/process/mark.ts'
import { checkRuleBookFile, publicationFor } from '../../src/app/process/publish.ts'
import { ruleBookOf } from '../../src/app/rule-book-file.ts'
import type { RuleBook } from '../../src/domain/rulebook/rule-book.ts'
import type { Statement } from '../../src/domain/statements/statement.ts'
import { ByteReader } from '../../src/fold/bytes.ts'
import { type LedgerSettings, onePartition, type Routing } from '../../src/fold/context.ts'
import { createFold, partitionKey } from '../../src/fold/create-fold.ts'
import type { Emitter, Rejection } from '../../src/fold/emissions.ts'
import type { Event } from '../../src/fold/events.ts'
import type { PartitionFold } from '../../src/fold/partition-fold.ts'
import type { PartitionRow } from '../../src/fold/rows/partition-row.ts'
import { partitions, statements } from '../../src/fold/tables.ts'
import { CheckedStore } from '../../src/runtime/checked-store.ts'
import { TaskState } from '../../src/runtime/task-state.ts'

export type Json = JsonObject

/** The fold of one partition in memory: JSON events in, JSON outputs out, as in files. */
export interface World {
  /** Folds events in order, JSON as in interfaces.md; throws on a line that no file may hold. */
  send(...events: readonly Json[]): Promise<void>
  /** Folds a record of any bytes. */
  sendBytes(value: Uint8Array): Promise<void>
  /** All lines so far, by statement id, then seq. */
  lines(): Json[]
  /** The statement rows of the state, by id. */
  statements(): Promise<Json[]>
  rejections(): Json[]
  notices(): Json[]
  instructions(): Json[]
  /** Counts and clock of the partition. */
  row(): Promise<PartitionRow>
  /** Every output in order, as text: equal worlds have equal traces. */
  trace(): string[]
}

export interface WorldOptions {
  /** The document as in a file. */
  readonly ruleBook: Json
  /** Instants between which calendars are published; default years 2024 to 2027. */
  readonly from?: string
  readonly to?: string
  /** After every record everything is written to the store and read back. */
  readonly reload?: boolean
  readonly ledger?: LedgerSettings
  /** Default: the only partition. */
  readonly place?: Place
}

/** One partition of several. */
export interface Place {
  readonly partition: number
  readonly routing: Routing
  /** Takes what this partition sends, this one's own included. */
  readonly forward: (target: number, value: Uint8Array) => void
}

const schemasFolder = fileURLToPath(new URL('../../schemas', import.meta.url))
const codec = createAvroCodec(schemasFolder)
const outputs = createOutputReader(schemasFolder)

/** Opens a world whose rule book and calendars are published. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const world = new FoldedWorld(options)
  await world.publish()
  return world
}

class FoldedWorld implements World {
  private readonly options: WorldOptions
  private readonly store = createMemoryStore()
  private readonly reader
  private readonly file
  private readonly ruleBook: RuleBook
  private state: TaskState
  private fold: PartitionFold
  private offset = 0
  /** Loopback records that are not folded yet. */
  private readonly forwarded: Uint8Array[] = []
  private readonly entries: { statementId: string; lines: Json[] }[] = []
  private readonly told: {
    rejections: Rejection[]
    notices: Json[]
    instructions: Json[]
    trace: string[]
  } = {
    rejections: [],
    instructions: [],
    notices: [],
    trace: [],
  }

  constructor(options: WorldOptions) {
    this.options = options
    this.file = ruleBookOf(options.ruleBook)
    this.ruleBook = checkRuleBookFile('rulebook', this.file)
    this.reader = createEventReader({ schemasFolder, zone: this.ruleBook.zone })
    this.state = this.newState()
    this.fold = this.newFold()
  }

  async publish(): Promise<void> {
    const { from = '2024-06-01T00:00:00Z', to = '2027-01-01T00:00:00Z' } = this.options
    const scan = { count: 1, earliest: Date.parse(from), latest: Date.parse(to), ruleBooks: [] }
    const { events } = publicationFor('rulebook', this.file, this.ruleBook, scan, noMark)
    for (const event of events) await this.sendEvent(event)
  }

  async send(...events: readonly Json[]): Promise<void> {
    for (const event of events) {
      const read = this.reader.read(JSON.stringify(event))
      if (!read.ok) throw new Error(`${read.field}: ${read.message}`)
      await this.sendEvent(read.event)
    }
  }

  private sendEvent(event: Event): Promise<void> {
    return this.sendBytes(codec.encodeEvent(event))
  }

  async sendBytes(value: Uint8Array): Promise<void> {
    await this.foldValue(value)
    for (;;) {
      const sent = this.forwarded.shift()
      if (sent === undefined) return
      await this.foldValue(sent)
    }
  }

  private async foldValue(value: Uint8Array): Promise<void> {
    const record = {
      offset: this.offset,
      decoded: codec.decodeEvent(value),
      value,
      appendedAt: 0,
    }
    this.offset += 1
    for (let step = 0; ; step += 1) {
      await this.state.load(this.fold.readsOf(record))
      await this.state.loadRanges(this.fold.rangesOf(record, step))
      const done = this.fold.fold(record, step)
      this.state.forgetRanges()
      if (this.options.reload === true) await this.reload()
      if (done) return
    }
  }

  lines(): Json[] {
    const byStatement = new Map<string, Json[]>()
    for (const { statementId, lines } of this.entries) {
      byStatement.set(statementId, [...(byStatement.get(statementId) ?? []), ...lines])
    }
    return [...byStatement].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, lines]) => lines)
  }

  async statements(): Promise<Json[]> {
    await this.save()
    const found: Statement[] = []
    const checked = new CheckedStore(this.store)
    for await (const [, value] of checked.scan(statements.prefix, `${statements.prefix}\xff`)) {
      found.push(statements.decode(new ByteReader(value)))
    }
    return found.map(statementJson)
  }

  rejections(): Json[] {
    return this.told.rejections.map((rejection) => rejectionJson(rejection, null))
  }

  notices(): Json[] {
    return this.told.notices
  }

  instructions(): Json[] {
    return this.told.instructions
  }

  async row(): Promise<PartitionRow> {
    await this.save()
    const value = new CheckedStore(this.store).get(partitions.prefix + partitionKey)
    if (value === undefined) throw new Error('nothing was folded')
    return partitions.decode(new ByteReader(value))
  }

  trace(): string[] {
    return this.told.trace
  }

  private async save(): Promise<void> {
    const generation = this.state.freeze()
    await new CheckedStore(this.store).write(generation.writes, { sync: true })
    this.state.written(generation)
  }

  private async reload(): Promise<void> {
    await this.save()
    this.state = this.newState()
    this.fold = this.newFold()
  }

  private newState(): TaskState {
    return new TaskState(new CheckedStore(this.store), { cacheRows: 1_000 })
  }

  private newFold(): PartitionFold {
    const tools = {
      decodeEvent: (bytes: Uint8Array) => codec.decodeEvent(bytes),
      encodeEntry: codec.encodeEntry.bind(codec),
      sha256,
    }
    const ledger = this.options.ledger ?? { clock: 'replay' }
    const { partition, routing } = this.options.place ?? { partition: 0, routing: onePartition }
    const { state } = this
    return createFold({ partition, state, emit: this.emitter(), tools, ledger, routing })
  }

  private emitter(): Emitter {
    const { told, entries, forwarded } = this
    const { place } = this.options
    return {
      entry: (partyId, bytes) => {
        const entry = outputs.decodeEntry(bytes)
        const lines = entry.lines.map((line) => lineJson(entry, line))
        entries.push({ statementId: entry.statementId, lines })
        told.trace.push(`entry ${partyId} ${Buffer.from(bytes).toString('hex')}`)
      },
      statement: (statement) => {
        told.trace.push(`statement ${JSON.stringify(statementJson(statement))}`)
      },
      instruction: (instruction) => {
        told.instructions.push(instructionJson(instruction))
        told.trace.push(`instruction ${JSON.stringify(instructionJson(instruction))}`)
      },
      notice: (notice) => {
        told.notices.push(noticeJson(notice))
        told.trace.push(`notice ${JSON.stringify(noticeJson(notice))}`)
      },
      rejection: (rejection) => {
        told.rejections.push(rejection)
        told.trace.push(`rejection ${JSON.stringify(rejectionJson(rejection, null))}`)
      },
      forward: (target, event) => {
        const value = codec.encodeEvent(event)
        if (place === undefined) forwarded.push(value)
        else place.forward(target, value)
      },
    }
  }
}
