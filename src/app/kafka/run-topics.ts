import { Connection } from '../../adapters/kafka/connection.ts'
import { connectFirst } from '../../adapters/kafka/kafka-log.ts'
import {
  audit,
  createTopics,
  type FoundTopics,
  findTopics,
  nameOf,
  type TopicProblem,
} from '../../adapters/kafka/topics.ts'
import { FatalFault } from '../../ports/faults.ts'
import type { Flags } from '../read-settings.ts'
import { requiredKafka } from './kafka-settings.ts'

const found = 4

export interface TopicsOptions extends Flags {
  readonly topicPartitions?: number | undefined
}

/** Prints what there is and what `apply` would make; FatalFault 4 for what only people can mend. */
export async function planTopics(options: TopicsOptions): Promise<void> {
  await withTopics(options, async ({ prefix, present }) => {
    const partitions = partitionsFor(present, options)
    for (const topic of present.missing) {
      const how = partitions === undefined ? 'say --partitions' : `${partitions} partitions`
      print(`create  ${nameOf(prefix, topic)}  ${how}`)
    }
    report(present, prefix)
  })
}

/** Makes the topics that are missing, and says what is wrong with others. */
export async function applyTopics(options: TopicsOptions): Promise<void> {
  await withTopics(options, async ({ connection, prefix, present }) => {
    const { missing, brokers } = present
    const names = missing.map((topic) => nameOf(prefix, topic))
    const partitions = partitionsFor(present, options)
    if (names.length > 0) {
      if (partitions === undefined) {
        throw new FatalFault(2, '--partitions: is missing; it cannot be changed afterwards')
      }
      await createTopics(connection, { names, partitions, brokers })
      for (const name of names) print(`created  ${name}  ${partitions} partitions`)
    }
    report(await findTopics(connection, prefix), prefix)
  })
}

interface AtHand {
  readonly connection: Connection
  readonly prefix: string
  readonly present: FoundTopics
}

async function withTopics(
  options: TopicsOptions,
  work: (atHand: AtHand) => Promise<void>,
): Promise<void> {
  const { connecting, prefix } = requiredKafka(options, 'topics')
  const connection = new Connection(connecting)
  try {
    await connectFirst(connection)
    await work({ connection, prefix, present: await findTopics(connection, prefix) })
  } finally {
    await connection.close()
  }
}

/** Topics that are there already decide; FatalFault 3 where something else is asked for. */
function partitionsFor(present: FoundTopics, { topicPartitions }: TopicsOptions) {
  const [known] = present.found
  if (known === undefined || topicPartitions === undefined) {
    return known?.partitions ?? topicPartitions
  }
  if (known.partitions === topicPartitions) return topicPartitions
  throw new FatalFault(
    3,
    `${known.name} has ${known.partitions} partitions, not ${topicPartitions}; ` +
      'the number decides where parties live and cannot change',
  )
}

function report(present: FoundTopics, prefix: string): void {
  const problems = audit(present, prefix).filter(({ text }) => text !== 'is not there')
  for (const { name, partitions, replicas } of present.found) {
    if (problems.some((problem) => problem.name === name)) continue
    print(`ok      ${name}  ${partitions} partitions, ${replicas} replicas`)
  }
  for (const { level, name, text, remedy } of problems) {
    print(`${level.padEnd(6)}  ${name}  ${text}\n        → ${remedy}`)
  }
  if (problems.some(isFatal)) throw new FatalFault(found, 'topics are not fit to be used')
}

function isFatal({ level }: TopicProblem): boolean {
  return level === 'fail'
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
