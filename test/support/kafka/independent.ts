// What stands in topics, as Kafka's own console consumer reads it: what our client reads is never
// the only proof.
import { createOutputReader } from '../../../src/adapters/avro/output-reader.ts'
import { rejectionJson } from '../../../src/adapters/json-lines/output-writer.ts'
import { openSettlement, type Settlement, schemasFolder } from '../../../src/app/compose.ts'
import { recordValue, type Topic } from '../../../src/ports/log.ts'
import type { Broker } from './broker.ts'

/** The values of a topic by partition, in order. */
export type Values = readonly (readonly Uint8Array[])[]

const outputTopics = ['lines', 'statements', 'rejections'] as const

/** Committed values, without those of aborted transactions. */
export async function consoleValues(
  broker: Broker,
  topic: string,
  partitions: number,
): Promise<Values> {
  const bytes = 'org.apache.kafka.common.serialization.BytesDeserializer'
  const shown = ['print.partition=true', `value.deserializer=${bytes}`]
  const printed = await broker.tool(
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
    ...['--bootstrap-server', broker.bootstrap, '--topic', topic, '--from-beginning'],
    ...['--isolation-level', 'read_committed', '--timeout-ms', '15000'],
    ...shown.flatMap((property) => ['--formatter-property', property]),
  )
  const values: Uint8Array[][] = Array.from({ length: partitions }, () => [])
  for (const line of printed.split('\n')) {
    const found = /^Partition:(\d+)\t(.*)$/.exec(line)
    if (found !== null) values[Number(found[1])]?.push(unescaped(String(found[2])))
  }
  return values
}

/** Bytes that are no printable ASCII are shown as \xHH. */
function unescaped(text: string): Uint8Array {
  const raw = text.replace(/\\x([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`)))
  return Buffer.from(raw, 'latin1')
}

/** The values of a topic of an embedded log. */
async function valuesIn({ log, partitions }: Settlement, topic: Topic): Promise<Values> {
  const values: Uint8Array[][] = []
  for (let partition = 0; partition < partitions; partition += 1) {
    const own: Uint8Array[] = []
    const end = await log.end(topic, partition)
    for await (const batch of log.read(topic, partition, 0, end)) {
      for (let i = 0; i < batch.count; i += 1) own.push(recordValue(batch, i).slice())
    }
    values.push(own)
  }
  return values
}

async function opened<Result>(folder: string, use: (settlement: Settlement) => Promise<Result>) {
  const settlement = await openSettlement({ folder, partitions: undefined, failpoint: undefined })
  try {
    return await use(settlement)
  } finally {
    await settlement.close()
  }
}

/**
 * By topic and partition, in order: entries, statements and so on. Entries are packed by party and
 * commit, so their order is that within a statement; the offset in a rejection is the log's own and
 * is not shown.
 */
type Outputs = Readonly<Record<string, readonly (readonly string[])[]>>

/** What a settlement on Kafka has put out. */
export async function kafkaOutputs(broker: Broker, prefix: string, partitions: number) {
  return outputsOf((topic) => consoleValues(broker, `${prefix}${topic}`, partitions))
}

/** What one on the embedded log has put out. */
export function embeddedOutputs(folder: string): Promise<Outputs> {
  return opened(folder, (settlement) => outputsOf((topic) => valuesIn(settlement, topic)))
}

async function outputsOf(valuesOf: (topic: Topic) => Promise<Values>): Promise<Outputs> {
  const reader = createOutputReader(schemasFolder)
  const show = (topic: Topic, value: Uint8Array): string[] => {
    if (topic === 'lines') {
      const { entries } = reader.decodeEntryPack(value)
      return entries.map(({ entry }) => `${entry.statementId} ${hexOf(reader.entryBytes(entry))}`)
    }
    if (topic !== 'rejections') return [hexOf(value)]
    return [JSON.stringify({ ...rejectionJson(reader.decodeRejection(value), null), offset: 0 })]
  }
  const shown = outputTopics.map(async (topic) => {
    const partitions = await valuesOf(topic)
    const texts = partitions.map((values) => values.flatMap((value) => show(topic, value)))
    return [topic, topic === 'lines' ? texts.map(byStatement) : texts]
  })
  return Object.fromEntries(await Promise.all(shown))
}

/** Sorting is stable, so the entries of a statement stay in order. */
function byStatement(texts: readonly string[]): string[] {
  const statementOf = (text: string): string => text.slice(0, text.indexOf(' '))
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return [...texts].sort((a, b) => order(statementOf(a), statementOf(b)))
}

/** The values of `events` of an embedded log, to be compared with those of the topic. */
export function embeddedEvents(folder: string): Promise<Values> {
  return opened(folder, (settlement) => valuesIn(settlement, 'events'))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
