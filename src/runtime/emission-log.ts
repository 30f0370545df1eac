import type { Statement } from '../domain/statements/statement.ts'
import type { Emitter, Instruction, Notice, Rejection } from '../fold/emissions.ts'
import type { LoopbackEvent } from '../fold/events.ts'
import type { Codec, PackedEntry } from '../ports/codec.ts'
import type { OutgoingBatch, OutgoingRecord, Topic } from '../ports/log.ts'
import { DigestChain, emissionKinds } from './digest.ts'

/** A record of `settlement.lines` stays below this, so that several fit into one request. */
const packLimit = 512 * 1024
/** One batch of a topic, as most logs limit a request to 1 MiB. */
const batchLimit = 900 * 1024
const recordOverhead = 24

/** Where the emissions of a partition stand after some position. */
export interface EmissionCount {
  readonly nextOutSeq: number
  readonly digest: string
}

interface Pack {
  readonly partyId: string
  readonly entries: PackedEntry[]
  bytes: number
}

/**
 * Numbers and digests every emission and keeps it, encoded, until the next commit. While silent it
 * only counts: what is folded again on recovery was sent by the commit that it belongs to (R10).
 */
export class EmissionLog implements Emitter {
  private readonly codec: Codec
  private readonly partition: number
  private readonly chain: DigestChain
  private outSeq: number
  /** Bytes kept for the topic that has most. */
  largest = 0
  private silent = false
  private packs = new Map<string, Pack>()
  private lines: Pack[] = []
  private lineBytes = 0
  private records = new Map<Topic, OutgoingRecord[]>()
  private sizes = new Map<Topic, number>()
  /** Loopback records by the partition that they go to. */
  private forwards = new Map<number, OutgoingRecord[]>()

  constructor(codec: Codec, partition: number, from: EmissionCount) {
    this.codec = codec
    this.partition = partition
    this.outSeq = from.nextOutSeq
    this.chain = new DigestChain(from.digest)
  }

  /** Keeps nothing from here on, or keeps again. */
  silence(silent: boolean): void {
    this.silent = silent
  }

  count(): EmissionCount {
    return { nextOutSeq: this.outSeq, digest: this.chain.value() }
  }

  entry(partyId: string, bytes: Uint8Array): void {
    this.chain.add(emissionKinds.entry, bytes)
    const outSeq = this.outSeq++
    if (this.silent) return
    let pack = this.packs.get(partyId)
    if (pack === undefined || pack.bytes + bytes.length > packLimit) {
      pack = { partyId, entries: [], bytes: 0 }
      this.packs.set(partyId, pack)
      this.lines.push(pack)
    }
    pack.entries.push({ outSeq, bytes })
    pack.bytes += bytes.length
    // Nearly every record makes an entry: a field of its own, where the other topics have a map.
    this.lineBytes += bytes.length + recordOverhead
    if (this.lineBytes > this.largest) this.largest = this.lineBytes
  }

  statement(statement: Readonly<Statement>): void {
    const bytes = this.codec.encodeStatement(this.outSeq++, statement)
    this.chain.add(emissionKinds.statement, bytes)
    this.send('statements', statement.statementId, bytes)
  }

  instruction(instruction: Instruction): void {
    const bytes = this.codec.encodeInstruction(this.outSeq++, instruction)
    this.chain.add(emissionKinds.instruction, bytes)
    this.send('instructions', instruction.statementId, bytes)
  }

  notice(notice: Notice): void {
    const bytes = this.codec.encodeNotice(this.outSeq++, notice)
    this.chain.add(emissionKinds.notice, bytes)
    this.send('notices', notice.partyId ?? notice.noticeId, bytes)
  }

  rejection(rejection: Rejection): void {
    const bytes = this.codec.encodeRejection(this.outSeq++, rejection)
    this.chain.add(emissionKinds.rejection, bytes)
    this.send('rejections', rejection.partyId ?? rejection.eventId, bytes)
  }

  forward(target: number, event: LoopbackEvent): void {
    const bytes = this.codec.encodeEvent(event)
    this.chain.add(emissionKinds.forward, bytes)
    this.outSeq += 1
    if (this.silent) return
    const key = 'partyId' in event ? event.partyId : ''
    const record = { key: keyOf(key), value: bytes }
    const kept = this.forwards.get(target)
    if (kept === undefined) this.forwards.set(target, [record])
    else kept.push(record)
    this.grow('events', key.length + bytes.length + recordOverhead)
  }

  /** Whether loopback records wait for the next commit. */
  get owes(): boolean {
    return this.forwards.size > 0
  }

  /** Everything kept since the last call, cut into batches that fit into a request. */
  drain(): OutgoingBatch[] {
    const { partition } = this
    const records = this.records
    if (this.lines.length > 0) {
      records.set(
        'lines',
        this.lines.map(({ partyId, entries }) => ({
          key: keyOf(partyId),
          value: this.codec.encodeEntryPack(partition, entries),
        })),
      )
    }
    this.packs = new Map()
    this.lines = []
    this.lineBytes = 0
    this.records = new Map()
    this.sizes = new Map()
    this.largest = 0
    const { forwards } = this
    const outputs = [...records].flatMap(([topic, all]) => batchesOf(topic, partition, all))
    if (forwards.size === 0) return outputs
    this.forwards = new Map()
    for (const [target, all] of forwards) outputs.push(...batchesOf('events', target, all))
    return outputs
  }

  private send(topic: Topic, key: string, value: Uint8Array): void {
    if (this.silent) return
    const kept = this.records.get(topic)
    const record = { key: keyOf(key), value }
    if (kept === undefined) this.records.set(topic, [record])
    else kept.push(record)
    this.grow(topic, key.length + value.length + recordOverhead)
  }

  private grow(topic: Topic, bytes: number): void {
    const size = (this.sizes.get(topic) ?? 0) + bytes
    this.sizes.set(topic, size)
    if (size > this.largest) this.largest = size
  }
}

/** A record without a party and without an id has no key. */
function keyOf(text: string): Uint8Array | null {
  return text === '' ? null : Buffer.from(text, 'utf8')
}

function batchesOf(
  topic: Topic,
  partition: number,
  all: readonly OutgoingRecord[],
): OutgoingBatch[] {
  return cut(all).map((records) => ({ topic, partition, records }))
}

function cut(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const parts: OutgoingRecord[][] = []
  let part: OutgoingRecord[] = []
  let size = 0
  for (const record of records) {
    const more = (record.key?.length ?? 0) + record.value.length + recordOverhead
    if (part.length > 0 && size + more > batchLimit) {
      parts.push(part)
      part = []
      size = 0
    }
    part.push(record)
    size += more
  }
  parts.push(part)
  return parts
}
