import { versionKey } from '../../fold/books.ts'
import { ByteReader } from '../../fold/bytes.ts'
import { partitionKey } from '../../fold/create-fold.ts'
import { partitions, ruleBooks } from '../../fold/tables.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { openSettlement, type Settlement } from '../compose.ts'
import { chunkRecords, EventChunk } from '../event-chunk.ts'
import { type Input, openInput } from '../process/input.ts'
import { scanInput } from '../process/scan.ts'
import { skipInvalid } from '../process/skip-invalid.ts'
import { startProgress } from '../progress-bar.ts'
import { readEnvironment } from '../read-settings.ts'

export interface LoadOptions {
  readonly files: readonly string[]
  readonly state: string
  readonly partitions?: number | undefined
  readonly zone?: string | undefined
  readonly skipInvalid?: string | undefined
}

/** Checks every line, then appends them all and waits until they are safe. */
export async function runLoad(options: LoadOptions): Promise<void> {
  const { failpoint } = readEnvironment()
  const settlement = await openSettlement({
    folder: options.state,
    partitions: options.partitions,
    failpoint,
  })
  try {
    const input = await openInput({
      files: options.files,
      zone: options.zone ?? (await knownZone(settlement)),
      onInvalid: skipInvalid(options.skipInvalid),
    })
    try {
      await appendAll(settlement, input)
    } finally {
      input.close()
    }
  } finally {
    await settlement.close()
  }
}

async function appendAll(settlement: Settlement, input: Input): Promise<void> {
  const { count } = await scanInput(input)
  const bar = startProgress('loading', count)
  const chunk = new EventChunk(settlement)
  for await (const { event } of input.events()) {
    chunk.add(event)
    if (chunk.size < chunkRecords) continue
    bar.advance(chunk.size)
    await chunk.append({})
  }
  await chunk.append({})
  bar.done(`${count} events are in the log`)
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
