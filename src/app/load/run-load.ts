import { existsSync } from 'node:fs'
import { createAvroCodec } from '../../adapters/avro/avro-codec.ts'
import { versionKey } from '../../fold/books.ts'
import { ByteReader } from '../../fold/bytes.ts'
import { partitionKey } from '../../fold/create-fold.ts'
import { partitions, ruleBooks } from '../../fold/tables.ts'
import { FatalFault } from '../../ports/faults.ts'
import type { OutgoingBatch } from '../../ports/log.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { openSettlement, type Settlement, schemasFolder } from '../compose.ts'
import { chunkRecords, type Destination, EventChunk } from '../event-chunk.ts'
import { openLogAlone } from '../kafka/kafka-folder.ts'
import { type LogOnKafka, logOf } from '../kafka/kafka-settings.ts'
import { openInput } from '../process/input.ts'
import { scanInput } from '../process/scan.ts'
import { skipInvalid } from '../process/skip-invalid.ts'
import { startProgress } from '../progress-bar.ts'
import { readEnvironment } from '../read-settings.ts'
import { appendThroughSocket, statusOf } from '../run/socket-client.ts'
import type { RunStatus } from '../run/socket-protocol.ts'

export interface LoadOptions {
  readonly files: readonly string[]
  /** Needed for the embedded log. */
  readonly state?: string | undefined
  readonly partitions?: number | undefined
  readonly zone?: string | undefined
  readonly skipInvalid?: string | undefined
}

/** Checks every line, then appends them all and waits until they are safe. */
export async function runLoad(options: LoadOptions): Promise<void> {
  refuseMissing(options.files)
  const kafka = logOf(options)
  if (kafka !== undefined) return loadToKafka(options, kafka)
  const { state } = options
  if (state === undefined) throw new FatalFault(2, '--state: is missing; name the state folder')
  return loadToFolder({ ...options, state })
}

type FolderOptions = LoadOptions & { readonly state: string }

/** No folder is needed, and nobody has to be asked who has it. */
async function loadToKafka(options: LoadOptions, kafka: LogOnKafka): Promise<void> {
  const log = await openLogAlone(kafka)
  try {
    const { partitions } = await log.describe()
    if ((options.partitions ?? partitions) !== partitions) {
      throw new FatalFault(3, `--partitions: the topics have ${partitions}`)
    }
    const codec = createAvroCodec(schemasFolder)
    await appendAll(options, { codec, partitions, log }, undefined)
  } finally {
    await log.close()
  }
}

async function loadToFolder(options: FolderOptions): Promise<void> {
  const running = await statusOf(options.state)
  if (running !== undefined) return loadThrough(options, running)
  const { failpoint } = readEnvironment()
  const settlement = await openSettlement({
    folder: options.state,
    partitions: options.partitions,
    failpoint,
  })
  try {
    await appendAll(options, settlement, await knownZone(settlement))
  } finally {
    await settlement.close()
  }
}

/** Before a state folder is made for them. */
function refuseMissing(files: readonly string[]): void {
  const missing = files.find((file) => file !== '-' && !existsSync(file))
  if (missing !== undefined) throw new FatalFault(6, `${missing}: there is no such file`)
}

/** `settle run` holds the log: it appends what it is handed. */
function loadThrough(options: FolderOptions, { partitions: count, ruleBook }: RunStatus) {
  const append = (batches: readonly OutgoingBatch[]): Promise<void> =>
    appendThroughSocket(options.state, batches)
  const codec = createAvroCodec(schemasFolder)
  const zone = ruleBook === null ? undefined : ruleBook.zone
  return appendAll(options, { codec, partitions: count, log: { append } }, zone)
}

async function appendAll(
  options: LoadOptions,
  destination: Destination,
  zone: string | undefined,
): Promise<void> {
  const input = await openInput({
    files: options.files,
    zone: options.zone ?? zone,
    onInvalid: skipInvalid(options.skipInvalid),
  })
  try {
    const { count } = await scanInput(input)
    const bar = startProgress('loading', count)
    const chunk = new EventChunk(destination)
    for await (const { event } of input.events()) {
      chunk.add(event)
      if (chunk.size < chunkRecords) continue
      bar.advance(chunk.size)
      await chunk.append({})
    }
    await chunk.append({})
    bar.done(`${count} events are in the log`)
  } finally {
    input.close()
  }
}

/** The zone of the rule book that the log is billed by, as far as it was folded. */
async function knownZone(settlement: Settlement): Promise<string | undefined> {
  const store = await settlement.openStore(0)
  try {
    const checked = new CheckedStore(store)
    const own = checked.get(partitions.prefix + partitionKey)
    if (own === undefined) return undefined
    const { ruleBookVersion } = partitions.decode(new ByteReader(own))
    const book = checked.get(ruleBooks.prefix + versionKey(ruleBookVersion))
    if (book === undefined) return undefined
    return JSON.parse(ruleBooks.decode(new ByteReader(book)).document).zone
  } finally {
    await store.close()
  }
}
