import { haltReasons } from '../../ports/faults.ts'
import type { Catalogue, Instrument, Meter } from '../../ports/metrics.ts'

// The one list of metrics: it registers them, and docs/metrics.md is made from it.

const latency = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const
const short = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
] as const
/** Few: the histogram of requests has more labels than all others. */
const requests = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5] as const
const sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000] as const

const events = { topic: ['events'] } as const
const eventsByPartition = { topic: ['events'], partition: 'partition' } as const

/** States of an instance from its start to its end, in that order. */
export const lifecycle = ['starting', 'recovering', 'running', 'draining'] as const

/** Kinds of outputs: the topics that a transaction writes. */
export const outputKinds = ['lines', 'statements', 'instructions', 'notices', 'rejections'] as const

const flow = {
  settlement_records_consumed_total: {
    type: 'counter',
    labels: events,
    unit: 'count',
    help: 'Records handed to the fold.',
    why: 'rate of work; denominator of every ratio',
  },
  settlement_record_bytes_total: {
    type: 'counter',
    labels: events,
    unit: 'bytes',
    help: 'Bytes of keys and values of the records handed to the fold.',
    why: 'sizing, spotting payload growth',
  },
  settlement_events_total: {
    type: 'counter',
    labels: { outcome: ['applied', 'duplicate', 'rejected'] },
    unit: 'count',
    help: 'Records by final outcome, as the partitions count them.',
    why: 'conservation: with those that wait they are the records consumed',
  },
  settlement_events_waiting: {
    type: 'gauge',
    labels: {},
    unit: 'count',
    help: 'Records that wait for another one, such as refunds whose order is unknown.',
    why: 'they end as applied or rejected, so they are no counter',
  },
  settlement_batch_records: {
    type: 'histogram',
    labels: {},
    unit: 'count',
    help: 'Records per batch that was folded.',
    why: 'batch size against latency',
    buckets: sizes,
  },
  settlement_stage_duration_seconds: {
    type: 'histogram',
    labels: { stage: ['fold', 'commit', 'store'] },
    unit: 's',
    help: 'Time per batch in one stage; folding includes waiting for the stages after it.',
    why: 'which stage costs: the first to open when latency rises',
    buckets: short,
  },
  settlement_end_to_end_latency_seconds: {
    type: 'histogram',
    labels: {},
    unit: 's',
    help: 'From the append of the oldest record of a transaction to its commit.',
    why: 'freshness',
    buckets: latency,
  },
  settlement_output_records_total: {
    type: 'counter',
    labels: { kind: outputKinds },
    unit: 'count',
    help: 'Records written to the output topics in committed transactions.',
    why: 'outputs per input: a change shows a fault of logic',
  },
} as const satisfies Catalogue

const positions = {
  settlement_consumer_lag_records: {
    type: 'gauge',
    labels: eventsByPartition,
    unit: 'count',
    help: 'Records between the next one to fold and the end of the partition.',
    why: 'what everyone looks at first',
  },
  settlement_consumer_lag_seconds: {
    type: 'gauge',
    labels: eventsByPartition,
    unit: 's',
    help: 'Age of the oldest record that is not folded, 0 when there is none.',
    why: 'lag that a human can judge',
  },
  settlement_consumer_position_offset: {
    type: 'gauge',
    labels: eventsByPartition,
    unit: 'offset',
    help: 'Next offset to fold.',
    why: 'stall detection, skew between partitions',
  },
  settlement_clock_timestamp_seconds: {
    type: 'gauge',
    labels: eventsByPartition,
    unit: 'Unix s',
    help: 'Clock of the partition: its latest tick, 0 before the first.',
    why: 'statements close on ticks; a clock that stands blocks closing',
  },
  settlement_consumer_assigned_partitions: {
    type: 'gauge',
    labels: events,
    unit: 'count',
    help: 'Partitions that run in this instance.',
    why: 'fewer than the topic has: some are recovering or halted',
  },
  settlement_topic_partitions: {
    type: 'gauge',
    labels: events,
    unit: 'count',
    help: 'Partitions of the topic.',
    why: 'right-hand side of the previous one',
  },
  settlement_halted_partitions: {
    type: 'gauge',
    labels: { reason: haltReasons },
    unit: 'count',
    help: 'Partitions that stopped, by reason.',
    why: 'must be 0; docs/errors.md says what to do',
  },
  settlement_ticks_total: {
    type: 'counter',
    labels: {},
    unit: 'count',
    help: 'Ticks appended by this instance, over all partitions.',
    why: 'about one a second and partition while it runs',
  },
  settlement_calendar_end_timestamp_seconds: {
    type: 'gauge',
    labels: {},
    unit: 'Unix s',
    help: 'Where the shortest published calendar ends, 0 before there is one.',
    why: 'a tick beyond it halts the partition',
  },
  settlement_rule_book_info: {
    type: 'gauge',
    labels: { version: 'text' },
    unit: '1 (info)',
    help: '1 for the version of the rule book that is billed by.',
    why: 'which rules are in force',
  },
} as const satisfies Catalogue

const storage = {
  settlement_transactions_total: {
    type: 'counter',
    labels: { outcome: ['committed', 'fenced', 'unknown'] },
    unit: 'count',
    help: 'Transactions by outcome.',
    why: 'health of exactly-once; fenced means a second owner',
  },
  settlement_transaction_duration_seconds: {
    type: 'histogram',
    labels: {},
    unit: 's',
    help: 'Time from begin to end of a transaction.',
    why: 'the disk under the log',
    buckets: short,
  },
  settlement_last_commit_timestamp_seconds: {
    type: 'gauge',
    labels: {},
    unit: 'Unix s',
    help: 'When the last transaction was committed, 0 before the first.',
    why: 'liveness of progress, not of the process',
  },
  settlement_store_operation_duration_seconds: {
    type: 'histogram',
    labels: { operation: ['read', 'range', 'write'] },
    unit: 's',
    help: 'Duration of a call to the store: many rows read ahead, a range, a synced batch.',
    why: 'stalls of the disk, effect of compactions',
    buckets: short,
  },
  settlement_store_written_bytes_total: {
    type: 'counter',
    labels: {},
    unit: 'bytes',
    help: 'Bytes of keys and values written to the stores.',
    why: 'how much the disk must take',
  },
  settlement_store_size_bytes: {
    type: 'gauge',
    labels: {},
    unit: 'bytes',
    help: 'Size of the state folder on disk, the log included.',
    why: 'capacity',
  },
  settlement_store_filesystem_available_bytes: {
    type: 'gauge',
    labels: {},
    unit: 'bytes',
    help: 'Free bytes of the volume of the state folder.',
    why: 'forecast of a full disk',
  },
  settlement_store_filesystem_size_bytes: {
    type: 'gauge',
    labels: {},
    unit: 'bytes',
    help: 'Size of the volume of the state folder.',
    why: 'ratio for the one above',
  },
} as const satisfies Catalogue

const instance = {
  settlement_state: {
    type: 'gauge',
    labels: { state: lifecycle },
    unit: '1 (info)',
    help: '1 for the state that the instance is in.',
    why: 'what the instance did when',
  },
  settlement_faults_total: {
    type: 'counter',
    labels: { kind: ['transient', 'ownership-lost', 'corrupt-state', 'halted', 'fatal'] },
    unit: 'count',
    help: 'Faults that partitions met, by the recovery that they ask for.',
    why: 'repairs that nobody would see otherwise',
  },
  settlement_event_loop_utilization_ratio: {
    type: 'gauge',
    labels: { thread: ['main'] },
    unit: '0..1',
    help: 'Share of the time since the last scrape in which the event loop was busy.',
    why: 'saturation of Node itself',
  },
  settlement_heap_limit_bytes: {
    type: 'gauge',
    labels: {},
    unit: 'bytes',
    help: 'Limit of the heap of V8.',
    why: 'heap in use means nothing without it',
  },
  settlement_config_info: {
    type: 'gauge',
    labels: { hash: 'text' },
    unit: '1 (info)',
    help: '1 for the settings in force.',
    why: 'which instances have other settings',
  },
  settlement_build_info: {
    type: 'gauge',
    labels: { version: 'text', node: 'text' },
    unit: '1 (info)',
    help: '1 for this build.',
    why: 'which version runs where',
  },
  settlement_socket_requests_total: {
    type: 'counter',
    labels: {
      request: ['status', 'append', 'query', 'other'],
      outcome: ['answered', 'refused'],
    },
    unit: 'count',
    help: 'Requests of other commands through the socket of the state folder.',
    why: 'who works on the log besides this instance',
  },
  http_server_request_duration_seconds: {
    type: 'histogram',
    labels: {
      http_request_method: ['GET', 'HEAD', '_OTHER'],
      http_route: ['/metrics', '/livez', '/readyz', '_OTHER'],
      http_response_status_code: ['200', '404', '405', '503'],
    },
    unit: 's',
    help: 'Duration of a request to the HTTP server.',
    why: 'whether probes and scrapes are answered in time',
    buckets: requests,
  },
} as const satisfies Catalogue

/** Every metric of `settle run`, besides those of Node that the library brings. */
export const metricCatalogue = { ...flow, ...positions, ...storage, ...instance } as const

/** Where `settle run` counts. */
export type RunMeter = Meter<typeof metricCatalogue>

/** The entries in the order of the catalogue. */
export function instruments(): [string, Instrument][] {
  return Object.entries<Instrument>(metricCatalogue)
}
