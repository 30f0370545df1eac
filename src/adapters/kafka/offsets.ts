import type { Connection } from './connection.ts'
import { groupCoordinator } from './producer.ts'

/** What a group has committed for a partition; undefined where it has not. */
export function fetchCommitted(
  connection: Connection,
  place: { readonly groupId: string; readonly topic: string; readonly partition: number },
): Promise<{ readonly offset: number; readonly metadata: string } | undefined> {
  const { groupId, topic, partition } = place
  return connection.attempt(10_000, async () => {
    const broker = await groupCoordinator(connection, groupId)
    const request = { groupId, topics: [{ topic, partitions: [{ partition }] }] }
    const { responses } = await broker.offsetFetch(request)
    const found = responses[0]?.partitions[0]
    if (found === undefined || Number(found.offset) < 0) return undefined
    return { offset: Number(found.offset), metadata: found.metadata ?? '' }
  })
}
