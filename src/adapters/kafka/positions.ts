import { FatalFault } from '../../ports/faults.ts'
import { type Topic, topics } from '../../ports/log.ts'
import { Connection, pause } from './connection.ts'
import { connectFirst, type KafkaLogOptions } from './kafka-log.ts'
import { fetchCommitted } from './offsets.ts'
import { readRange } from './reader.ts'
import { findTopics, nameOf, namesOf, refuseFaulty } from './topics.ts'

const outputs = topics.filter((topic) => topic !== 'events')
/** Positions are readable a moment after the outputs that they were committed with. */
const patience = 5_000

/**
 * FatalFault 3 where a partition has outputs, and the group no position for it: another group
 * settled into these topics, or the brokers have forgotten the positions. Folding it would write
 * everything a second time.
 */
export async function refuseLostPositions(options: KafkaLogOptions): Promise<void> {
  const { prefix, group, connecting } = options
  const connection = new Connection(connecting)
  try {
    await connectFirst(connection)
    const found = await findTopics(connection, prefix)
    refuseFaulty(found, prefix)
    await connection.open(namesOf(prefix))
    const partitions = found.found[0]?.partitions ?? 0
    const place = { groupId: group, topic: nameOf(prefix, 'events') }
    for (let partition = 0; partition < partitions; partition += 1) {
      if (await hasPosition(connection, { ...place, partition })) continue
      const topic = await topicWithOutput(connection, prefix, partition)
      if (topic === undefined) continue
      if (await hasPosition(connection, { ...place, partition }, patience)) continue
      throw new FatalFault(
        3,
        `${nameOf(prefix, topic)}: partition ${partition} has outputs, and the group ${group} ` +
          'has no position for it: give the kafkaGroup that settled them, or set its position back',
      )
    }
  } finally {
    await connection.close()
  }
}

async function hasPosition(
  connection: Connection,
  place: Parameters<typeof fetchCommitted>[1],
  milliseconds = 0,
): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    if ((await fetchCommitted(connection, place)) !== undefined) return true
    if (Date.now() >= deadline) return false
    await pause(50)
  }
}

/** Aborted records and ends of transactions are no outputs. */
async function topicWithOutput(
  connection: Connection,
  prefix: string,
  partition: number,
): Promise<Topic | undefined> {
  for (const topic of outputs) {
    const name = nameOf(prefix, topic)
    const from = await connection.start(name, partition)
    const to = await connection.stableEnd(name, partition)
    for await (const _ of readRange(connection, { topic, name, partition, from, to })) return topic
  }
  return undefined
}
