// The parts of kafkajs 2.2.4 that are used: connections, requests and the membership of a group.
//
// Its producer and consumer are not: the producer loses acknowledged records and wedges, the
// consumer hands out aborted ones and resets offsets, see
// docs/decisions/0019-kafkajs-below-its-api.md. What is used instead of them is no public
// interface, so only the exact version may be there.
import { createRequire } from 'node:module'
import { PartitionAssigners } from 'kafkajs'
import { FatalFault } from '../../ports/faults.ts'

const require = createRequire(import.meta.url)
const exactVersion = '2.2.4'

/** What fetch gives for one record. */
export interface FetchedRecord {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly isControlRecord: boolean
  readonly batchContext: {
    readonly firstOffset: string
    readonly lastOffsetDelta: number
    readonly producerId: string
    readonly inTransaction: boolean
  }
}

/** What fetch gives for one partition. */
export interface FetchedPartition {
  readonly partition: number
  readonly highWatermark: string
  readonly lastStableOffset: string
  readonly abortedTransactions: readonly {
    readonly producerId: string
    readonly firstOffset: string
  }[]
  readonly messages: readonly FetchedRecord[]
}

export interface ProducedPartition {
  readonly partition: number
  readonly firstSequence: number
  readonly messages: readonly { readonly key: Buffer | null; readonly value: Buffer }[]
}

interface Producing {
  readonly transactionalId?: string | undefined
  readonly producerId: string
  readonly producerEpoch: number
}

interface OfTopics<Each> {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly Each[] }[]
}

interface Responses<Each> {
  readonly responses: readonly { readonly topic: string; readonly partitions: readonly Each[] }[]
}

/** One broker: a method a request, each sent once and bounded by the request time-out. */
export interface Broker {
  fetch(
    request: {
      readonly isolationLevel: number
      readonly maxWaitTime: number
      readonly minBytes: number
      readonly maxBytes: number
    } & OfTopics<{
      readonly partition: number
      readonly fetchOffset: string
      readonly maxBytes: number
    }>,
  ): Promise<{
    readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[]
  }>
  produce(
    request: Producing & {
      readonly topicData: readonly {
        readonly topic: string
        readonly partitions: readonly ProducedPartition[]
      }[]
      readonly acks: number
      readonly timeout: number
    },
  ): Promise<unknown>
  listOffsets(
    request: { readonly isolationLevel: number } & OfTopics<{
      readonly partition: number
      readonly timestamp: number
    }>,
  ): Promise<Responses<{ readonly partition: number; readonly offset: string }>>
  offsetFetch(
    request: { readonly groupId: string } & OfTopics<{ readonly partition: number }>,
  ): Promise<
    Responses<{
      readonly partition: number
      readonly offset: string
      readonly metadata: string | null
    }>
  >
  initProducerId(request: {
    readonly transactionalId: string | undefined
    readonly transactionTimeout: number
  }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>
  addPartitionsToTxn(request: Producing & OfTopics<number>): Promise<unknown>
  addOffsetsToTxn(request: Producing & { readonly groupId: string }): Promise<unknown>
  txnOffsetCommit(
    request: Producing & { readonly groupId: string } & OfTopics<{
        readonly partition: number
        readonly offset: string
        readonly metadata: string
      }>,
  ): Promise<unknown>
  endTxn(request: Producing & { readonly transactionResult: boolean }): Promise<unknown>
  describeConfigs(request: {
    readonly resources: readonly { readonly type: number; readonly name: string }[]
  }): Promise<{
    readonly resources: readonly {
      readonly resourceName: string
      readonly configEntries: readonly {
        readonly configName: string
        readonly configValue: string | null
      }[]
    }[]
  }>
  createTopics(request: {
    readonly topics: readonly {
      readonly topic: string
      readonly numPartitions: number
      readonly replicationFactor: number
      readonly configEntries: readonly { readonly name: string; readonly value: string }[]
    }[]
    readonly timeout: number
  }): Promise<unknown>
}

export interface TopicMetadata {
  readonly topic: string
  readonly partitionMetadata: readonly {
    readonly partitionId: number
    readonly leader: number
    readonly replicas: readonly number[]
  }[]
}

/** Connections to all brokers, one to each, and what is known of topics. */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  metadata(request: { readonly topics: readonly string[] }): Promise<{
    readonly clusterId: string
    readonly brokers: readonly { readonly nodeId: number }[]
    readonly topicMetadata: readonly TopicMetadata[]
  }>
  findBroker(request: { readonly nodeId: number }): Promise<Broker>
  findControllerBroker(): Promise<Broker>
  findTopicPartitionMetadata(topic: string): TopicMetadata['partitionMetadata']
  findGroupCoordinator(request: {
    readonly groupId: string
    readonly coordinatorType: number
  }): Promise<Broker>
}

/** This process as a member of a consumer group. */
export interface GroupMember {
  connect(): Promise<void>
  joinAndSync(): Promise<void>
  assigned(): readonly { readonly topic: string; readonly partitions: readonly number[] }[]
  /** Sent when the last one is older than `interval` milliseconds. */
  heartbeat(request: { readonly interval: number }): Promise<void>
  leave(): Promise<void>
}

interface Logger {
  namespace(name: string): Logger
}

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(bytes: Buffer): Promise<Buffer>
}

type Make<Options, Made> = new (options: Options) => Made

/** Coordinators and isolation levels, as the protocol numbers them. */
export const coordinatorOf = { group: 0, transaction: 1 } as const
export const isolation = { uncommitted: 0, committed: 1 } as const
/** The protocol's number of topics among all that has settings. */
export const topicResource = 2

/** FatalFault 1 where another version than the one this code was written for is installed. */
export function assertVersion(): void {
  const { version } = require('kafkajs/package.json') as { readonly version: string }
  if (version === exactVersion) return
  throw new FatalFault(
    1,
    `kafkajs ${version} is installed, and only ${exactVersion} is known to be safe here; ` +
      'install the dependencies with `npm ci`',
  )
}

/** Where to connect to, and how. */
export interface Connecting {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly ssl?: object | undefined
  readonly sasl?: object | undefined
}

const retry = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 5 }

const connectionTimeout = 3_000
let connectsOnce = false

/**
 * Two requests at once over a connection that is not open yet open it twice, and the first socket
 * is never closed: the process does not end. So whoever comes second waits with the first.
 */
function connectOnce(): void {
  if (connectsOnce) return
  connectsOnce = true
  const { prototype } = require('kafkajs/src/network/connection') as {
    readonly prototype: { connect(): Promise<unknown> }
  }
  const { connect } = prototype
  const opening = new WeakMap<object, Promise<unknown>>()
  prototype.connect = function (this: object): Promise<unknown> {
    const underWay = opening.get(this)
    if (underWay !== undefined) return underWay
    const opened: Promise<unknown> = connect.call(this)
    opening.set(this, opened)
    const forget = () => opening.get(this) === opened && opening.delete(this)
    opened.then(forget, forget)
    // A socket that is closed while TLS begins leaves its caller without an answer.
    setTimeout(forget, connectionTimeout).unref()
    return opened
  }
}

/** Connections of their own; nothing is sent yet. */
export function newCluster(connecting: Connecting): Cluster {
  connectOnce()
  const make = require('kafkajs/src/cluster') as Make<object, Cluster>
  const newSocketFactory = require('kafkajs/src/network/socketFactory') as () => unknown
  return new make({
    ...connecting,
    logger: silentLogger(),
    socketFactory: newSocketFactory(),
    connectionTimeout,
    authenticationTimeout: 10_000,
    reauthenticationThreshold: 10_000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    isolationLevel: isolation.committed,
    retry,
  })
}

/** What a member of a group is to share in. */
export interface Seat {
  readonly groupId: string
  readonly topic: string
  /** Milliseconds without a sign of life after which the brokers give its partitions away. */
  readonly sessionTimeout: number
}

/** A member of the group that wants partitions of one topic; it has not joined yet. */
export function newMember(cluster: Cluster, seat: Seat): GroupMember {
  const { groupId, topic, sessionTimeout } = seat
  const make = require('kafkajs/src/consumer/consumerGroup') as Make<object, GroupMember>
  const emitter = require('kafkajs/src/instrumentation/emitter') as new () => object
  const roundRobin = PartitionAssigners.roundRobin as unknown as (options: object) => object
  return new make({
    retry,
    cluster,
    groupId,
    topics: [topic],
    topicConfigurations: { [topic]: { fromBeginning: true } },
    logger: silentLogger(),
    instrumentationEmitter: new emitter(),
    assigners: [roundRobin({ cluster, groupId })],
    sessionTimeout,
    rebalanceTimeout: 60_000,
    autoCommit: false,
    isolationLevel: isolation.committed,
    metadataMaxAge: 60_000,
  })
}

/** Lets record batches of this type be read: 2 snappy, 3 lz4, 4 zstd. */
export function setDecompressor(type: 2 | 3 | 4, decompress: (bytes: Buffer) => Buffer): void {
  const { Codecs } = require('kafkajs/src/protocol/message/compression') as {
    readonly Codecs: Record<number, () => Codec>
  }
  const codec = {
    compress: () => Promise.reject(new Error('nothing is written with this codec')),
    decompress: async (bytes: Buffer) => decompress(bytes),
  }
  Codecs[type] = () => codec
}

/** Faults are thrown with what went wrong; what kafkajs itself logs is of no use beside them. */
function silentLogger(): Logger {
  const { createLogger } = require('kafkajs/src/loggers') as {
    readonly createLogger: (options: object) => Logger
  }
  return createLogger({ level: 0, logCreator: () => () => undefined })
}
