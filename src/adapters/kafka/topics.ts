// The topics of a settlement on Kafka: their names, and the settings that its guarantees rest on.
import { FatalFault, TransientFault } from '../../ports/faults.ts'
import { type Topic, topics } from '../../ports/log.ts'
import type { Connection } from './connection.ts'
import { type TopicMetadata, topicResource } from './kafkajs.ts'

/** The name of a topic on the broker. */
export function nameOf(prefix: string, topic: Topic): string {
  return `${prefix}${topic}`
}

/** The names of all topics on the broker. */
export function namesOf(prefix: string): string[] {
  return topics.map((topic) => nameOf(prefix, topic))
}

/** A topic as it is on the cluster. */
export interface FoundTopic {
  readonly topic: Topic
  readonly name: string
  readonly partitions: number
  readonly replicas: number
  readonly settings: Readonly<Record<string, string>>
}

/** Something about a topic that is not as it must or should be. */
export interface TopicProblem {
  readonly name: string
  /** `fail`: money could be lost or doubled; `warn`: less safe than it should be. */
  readonly level: 'fail' | 'warn'
  readonly text: string
  readonly remedy: string
}

export interface FoundTopics {
  readonly clusterId: string
  readonly brokers: number
  readonly found: readonly FoundTopic[]
  readonly missing: readonly Topic[]
}

/** What there is of the topics with this prefix. */
export async function findTopics(connection: Connection, prefix: string): Promise<FoundTopics> {
  const present: TopicMetadata[] = []
  const all = await connection.attempt(10_000, () => connection.cluster.metadata({ topics: [] }))
  for (const each of all.topicMetadata) {
    if (namesOf(prefix).includes(each.topic)) present.push(each)
  }
  const settings = await settingsOf(connection, present)
  const found = topics.flatMap((topic): FoundTopic[] => {
    const name = nameOf(prefix, topic)
    const metadata = present.find((each) => each.topic === name)
    if (metadata === undefined) return []
    const { partitionMetadata } = metadata
    return [
      {
        topic,
        name,
        partitions: partitionMetadata.length,
        replicas: partitionMetadata[0]?.replicas.length ?? 0,
        settings: settings.get(name) ?? {},
      },
    ]
  })
  const missing = topics.filter((topic) => !found.some((each) => each.topic === topic))
  return { clusterId: all.clusterId, brokers: all.brokers.length, found, missing }
}

async function settingsOf(connection: Connection, present: readonly TopicMetadata[]) {
  const byName = new Map<string, Record<string, string>>()
  if (present.length === 0) return byName
  const { resources } = await connection.attempt(10_000, async () => {
    const broker = await connection.cluster.findControllerBroker()
    const wanted = present.map(({ topic }) => ({ type: topicResource, name: topic }))
    return broker.describeConfigs({ resources: wanted })
  })
  for (const { resourceName, configEntries } of resources) {
    const entries = configEntries.map(({ configName, configValue }) => [configName, configValue])
    byName.set(resourceName, Object.fromEntries(entries))
  }
  return byName
}

/** What is wrong with the topics, worst for money first. */
export function audit({ found, missing, brokers }: FoundTopics, prefix: string): TopicProblem[] {
  const problems: TopicProblem[] = missing.map((topic) => ({
    name: nameOf(prefix, topic),
    level: 'fail',
    text: 'is not there',
    remedy: 'create it with `settle topics apply`',
  }))
  const partitions = found.find(({ topic }) => topic === 'events')?.partitions
  for (const each of found) {
    if (partitions !== undefined && each.partitions !== partitions) {
      problems.push({
        name: each.name,
        level: 'fail',
        text: `has ${each.partitions} partitions, and ${prefix}events has ${partitions}`,
        remedy: 'all topics of a settlement need the same number; create them anew',
      })
    }
    problems.push(...auditSettings(each, brokers))
  }
  return problems.sort((a, b) => Number(a.level === 'warn') - Number(b.level === 'warn'))
}

/** By name: what a setting must be, and what goes wrong else. */
const required = [
  ['cleanup.policy', 'delete', 'compaction removes records that positions and seals rest on'],
  ['unclean.leader.election.enable', 'false', 'acknowledged records may vanish'],
  ['message.timestamp.type', 'LogAppendTime', 'times are those of writers, not of the broker'],
] as const

function auditSettings({ name, settings }: FoundTopic, brokers: number): TopicProblem[] {
  const problems: TopicProblem[] = []
  for (const [setting, wanted, why] of required) {
    const actual = settings[setting]
    if (actual === undefined || actual === wanted) continue
    problems.push({
      name,
      level: 'fail',
      text: `${setting} is ${actual}: ${why}`,
      remedy: `set ${setting}=${wanted} for the topic`,
    })
  }
  if (brokers > 1 && Number(settings['min.insync.replicas'] ?? 2) < 2) {
    problems.push({
      name,
      level: 'warn',
      text: 'min.insync.replicas is below 2: one lost broker may take acknowledged records along',
      remedy: 'set min.insync.replicas=2, with 3 replicas',
    })
  }
  if (Number(settings['max.message.bytes'] ?? leastMessage) < leastMessage) {
    problems.push({
      name,
      level: 'fail',
      text: `max.message.bytes is ${settings['max.message.bytes']}: commits do not fit`,
      remedy: `set max.message.bytes=${leastMessage} or more for the topic`,
    })
  }
  return problems
}

const leastMessage = 1_048_588
/** Kept for ever: a log that is to be folded again must have its start. */
const createdWith = [
  { name: 'cleanup.policy', value: 'delete' },
  { name: 'retention.ms', value: '-1' },
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  { name: 'unclean.leader.election.enable', value: 'false' },
  { name: 'max.message.bytes', value: `${leastMessage}` },
]

/** Creates these topics; with several brokers on up to three of them, two of which must answer. */
export async function createTopics(
  connection: Connection,
  wanted: { readonly names: readonly string[]; readonly partitions: number; brokers: number },
): Promise<void> {
  const { names, partitions, brokers } = wanted
  const replicationFactor = Math.min(3, brokers)
  const inSync = { name: 'min.insync.replicas', value: replicationFactor > 2 ? '2' : '1' }
  await connection.attempt(30_000, async () => {
    const broker = await connection.cluster.findControllerBroker()
    const made = names.map((topic) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries: [...createdWith, inSync],
    }))
    await broker.createTopics({ topics: made, timeout: 15_000 })
  })
  await connection.attempt(30_000, () => assertLed(connection, names))
}

/** The controller has answered before the brokers know. */
async function assertLed({ cluster }: Connection, names: readonly string[]): Promise<void> {
  const { topicMetadata } = await cluster.metadata({ topics: [] })
  for (const name of names) {
    const known = topicMetadata.find(({ topic }) => topic === name)?.partitionMetadata ?? []
    if (known.length > 0 && known.every(({ leader }) => leader >= 0)) continue
    throw new TransientFault(`topic ${name} was created, and no broker leads it yet`)
  }
}

/** FatalFault 3 where a topic is missing, or its settings would cost money. */
export function refuseFaulty(found: FoundTopics, prefix: string): void {
  const fatal = audit(found, prefix).filter(({ level }) => level === 'fail')
  if (fatal.length === 0) return
  const lines = fatal.map(({ name, text, remedy }) => `topic ${name}: ${text}; ${remedy}`)
  throw new FatalFault(3, lines.join('\n'))
}
