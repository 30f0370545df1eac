import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createOutputReader } from '../../adapters/avro/output-reader.ts'
import { createEventWriter } from '../../adapters/json-lines/event-writer.ts'
import { FatalFault } from '../../ports/faults.ts'
import type { Store } from '../../ports/store.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { openSettlement, type Settlement, schemasFolder } from '../compose.ts'
import { isKafkaFolder } from '../kafka/kafka-folder.ts'
import { folded } from '../process/append-waves.ts'
import { statusOf } from '../run/socket-client.ts'
import { FolderQueries } from './folder-queries.ts'
import type { Queries } from './queries.ts'
import { SocketQueries } from './socket-queries.ts'

const notFound = 6
/** Some 50 MB. */
const linesHeld = 500_000

/**
 * Opens a settlement's folder, folds its log to the end and answers from what stands there; where
 * `settle run` holds the folder, it does so. FatalFault: no settlement in the folder (6), locked by
 * another process (9).
 */
export async function openQueries(folder: string): Promise<Queries> {
  refuseOther(folder)
  if ((await statusOf(folder)) !== undefined) return new SocketQueries(folder)
  const settlement = await openSettlement({ folder, partitions: undefined, failpoint: undefined })
  const stores: Store[] = []
  const close = async (): Promise<void> => {
    for (const store of stores) await store.close()
    await settlement.close()
  }
  try {
    await foldToEnd(settlement)
    for (let partition = 0; partition < settlement.partitions; partition += 1) {
      stores.push(await settlement.openStore(partition))
    }
    return new FolderQueries({
      log: settlement.log,
      codec: settlement.codec,
      stores: stores.map((store) => new CheckedStore(store)),
      reader: createOutputReader(schemasFolder),
      writer: createEventWriter(schemasFolder),
      isLive: false,
      linesHeld,
      close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

/** Opening would make a new settlement of any folder. */
function refuseOther(folder: string): void {
  if (existsSync(join(folder, 'log', 'CURRENT')) || isKafkaFolder(folder)) return
  const why = existsSync(folder) ? 'holds no settlement' : 'there is no such folder'
  const remedy = 'name the folder that `settle process --state` or `settle load --state` wrote'
  throw new FatalFault(notFound, `${folder}: ${why}; ${remedy}`)
}

async function foldToEnd(settlement: Settlement): Promise<void> {
  const supervisor = settlement.run()
  try {
    await folded(settlement, supervisor)
    await supervisor.flush()
  } finally {
    await supervisor.stop()
  }
}
