import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../adapters/hashing/sha256.ts'
import { openLevelDbStore } from '../../adapters/leveldb/leveldb-store.ts'
import { createMemoryStore } from '../../adapters/memory-store/memory-store.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import { ByteReader } from '../../fold/bytes.ts'
import { onePartition } from '../../fold/context.ts'
import { createFold } from '../../fold/create-fold.ts'
import { statements } from '../../fold/tables.ts'
import type { Log, OutgoingRecord } from '../../ports/log.ts'
import type { Store, StoreWrite } from '../../ports/store.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { EmissionLog } from '../../runtime/emission-log.ts'
import { noEmissions } from '../../runtime/recover.ts'
import { TaskState } from '../../runtime/task-state.ts'
import { openSettlement } from '../compose.ts'
import { folded } from '../process/append-waves.ts'
import { type BenchInput, checkTotals } from './bench-input.ts'

/** What one run took: nothing but the measured part. */
export interface Taken {
  readonly seconds: number
  /** Of all threads of the process. */
  readonly cpuSeconds: number
}

const appendRecords = 5_000
/** Records between two freezes, as a commit has them. */
const batchRecords = 10_000

/** Decodes every record: the floor under any fold. */
export async function measureDecode({ codec, values }: BenchInput): Promise<Taken> {
  return take(() => {
    for (let index = 0; index < values.count; index += 1) {
      if (!codec.decodeEvent(values.at(index)).ok)
        throw new Error('a record of the workload does not decode')
    }
  })
}

/** Decodes, folds, seals, encodes outputs and rows; nothing is written anywhere. */
export async function measureFold(input: BenchInput): Promise<Taken> {
  const rows = new Map<string, Uint8Array>()
  const taken = await foldInMemory(input, (writes) => {
    for (const [key, value] of writes) {
      if (key.startsWith(statements.prefix) && value !== undefined) rows.set(key, value)
    }
  })
  await checkTotals(input.model, decoded(rows.values()))
  return taken
}

/** Writes the rows that the fold changes, as they come, in synced batches. */
export async function measureStore(input: BenchInput): Promise<Taken> {
  const batches: (readonly StoreWrite[])[] = []
  await foldInMemory(input, (writes) => batches.push(writes))
  return inScratch(async (folder) => {
    const store = await openLevelDbStore(join(folder, 'store'))
    const checked = new CheckedStore(store)
    const taken = await take(async () => {
      for (const writes of batches) await checked.write(writes, { sync: true })
    })
    await store.close()
    return taken
  })
}

/** The shipped processor from the embedded log to outputs and store, until all is safe. */
export async function measurePipeline(input: BenchInput): Promise<Taken> {
  return inScratch(async (folder) => {
    const settlement = await openSettlement({ folder, partitions: 1, failpoint: undefined })
    await appendInput(settlement.log, input)
    const supervisor = settlement.run()
    const taken = await take(async () => {
      await folded(settlement, supervisor)
      await supervisor.flush()
    })
    await supervisor.stop()
    const store = await settlement.openStore(0)
    await checkTotals(input.model, statementsOf(store))
    await store.close()
    await settlement.close()
    return taken
  })
}

async function appendInput(log: Log, { codec, publication, values }: BenchInput): Promise<void> {
  let records: OutgoingRecord[] = publication.map((event) => ({
    key: null,
    value: codec.encodeEvent(event),
  }))
  for (let index = 0; index < values.count; index += 1) {
    records.push({ key: null, value: values.at(index) })
    if (records.length < appendRecords) continue
    await log.append([{ topic: 'events', partition: 0, records }], { durable: false })
    records = []
  }
  await log.append([{ topic: 'events', partition: 0, records }])
}

async function foldInMemory(
  input: BenchInput,
  onBatch: (writes: readonly StoreWrite[]) => void,
): Promise<Taken> {
  const state = new TaskState(new CheckedStore(createMemoryStore()), { cacheRows: 2 ** 24 })
  const emit = new EmissionLog(input.codec, 0, noEmissions)
  const { codec } = input
  const tools = {
    decodeEvent: (bytes: Uint8Array) => codec.decodeEvent(bytes),
    encodeEntry: codec.encodeEntry.bind(codec),
    sha256,
  }
  const fold = createFold({
    partition: 0,
    state,
    emit,
    tools,
    ledger: { clock: 'replay' },
    routing: onePartition,
  })
  let offset = 0
  const foldValue = (value: Uint8Array): void => {
    const record = { offset, decoded: codec.decodeEvent(value), value, appendedAt: 0 }
    fold.fold(record, 0)
    state.settle()
    offset += 1
  }
  for (const event of input.publication) foldValue(codec.encodeEvent(event))
  const freeze = (): void => {
    const generation = state.freeze()
    emit.drain()
    onBatch(generation.writes)
    state.written(generation)
  }
  freeze()
  return take(() => {
    for (let index = 0; index < input.values.count; index += 1) {
      foldValue(input.values.at(index))
      if ((index + 1) % batchRecords === 0) freeze()
    }
    freeze()
  })
}

function* decoded(rows: Iterable<Uint8Array>): Generator<Statement> {
  for (const row of rows) yield statements.decode(new ByteReader(row))
}

async function* statementsOf(store: Store): AsyncGenerator<Statement> {
  const { prefix } = statements
  for await (const [, value] of new CheckedStore(store).scan(prefix, `${prefix}\xff`)) {
    yield statements.decode(new ByteReader(value))
  }
}

async function take(run: () => void | Promise<void>): Promise<Taken> {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  await run()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const { user, system } = process.cpuUsage(cpu)
  return { seconds, cpuSeconds: (user + system) / 1e6 }
}

async function inScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'settle-bench-'))
  try {
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
