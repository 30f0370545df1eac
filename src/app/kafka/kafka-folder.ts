import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type KafkaLogOptions, openKafkaLog } from '../../adapters/kafka/kafka-log.ts'
import { refuseLostPositions } from '../../adapters/kafka/positions.ts'
import { openLevelDbStore } from '../../adapters/leveldb/leveldb-store.ts'
import { FatalFault } from '../../ports/faults.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'

// A state folder of a log on Kafka has the stores of the partitions that were folded in it, and no
// log. `kafka` in it is a store of one row, which says whose state it is; it is open as long as a
// process uses the folder, so it is the folder's lock as well.

const [wrongUsage, invalid] = [2, 3]
const row = 'log'

/** For who only appends: needs no folder, and locks none. */
export function openLogAlone(options: KafkaLogOptions): Promise<Log> {
  return openKafkaLog(options)
}

/** Whether the folder belongs to a log on Kafka. */
export function isKafkaFolder(folder: string): boolean {
  return existsSync(join(folder, 'kafka'))
}

/** FatalFault 2 where the log in the folder is not the embedded one. */
export function refuseKafkaFolder(folder: string): void {
  if (!isKafkaFolder(folder)) return
  throw new FatalFault(
    wrongUsage,
    `${folder}: is the state of a log on Kafka; give --log kafka where the command has it, ` +
      'else it is not available in this version',
  )
}

/**
 * Opens the log for the state in a folder, which is locked until the log is closed. FatalFault: in
 * use (9), of another log (3), and what the log itself refuses.
 */
export async function openLogOf(folder: string, options: KafkaLogOptions): Promise<Log> {
  if (existsSync(join(folder, 'log', 'CURRENT'))) {
    const remedy = 'leave --log kafka out, or name another folder'
    throw new FatalFault(invalid, `${folder}: has a log of its own; ${remedy}`)
  }
  await refuseLostPositions(options)
  const log = await openKafkaLog(options)
  try {
    const lock = await openLevelDbStore(join(folder, 'kafka'))
    return await closingBoth(log, lock, () => claim(folder, lock, log, options))
  } catch (error) {
    await log.close()
    throw error
  }
}

async function closingBoth(log: Log, lock: Store, check: () => Promise<void>): Promise<Log> {
  try {
    await check()
  } catch (error) {
    await lock.close()
    throw error
  }
  const close = log.close.bind(log)
  log.close = async () => {
    await close()
    await lock.close()
  }
  return log
}

/** The first process writes whose state it is, the others compare. */
async function claim(
  folder: string,
  lock: Store,
  log: Log,
  { group }: KafkaLogOptions,
): Promise<void> {
  const { clusterId, partitions } = await log.describe()
  const own = JSON.stringify({ log: clusterId, group, partitions })
  const found = lock.get(row)
  if (found === undefined) return lock.write([[row, Buffer.from(own)]], { sync: true })
  const known = Buffer.from(found).toString()
  if (known === own) return
  throw new FatalFault(
    invalid,
    `${folder}: is the state of ${known}, and the settings name ${own}; name another folder`,
  )
}
