import { createHash } from 'node:crypto'
import type { Statement } from '../../src/domain/statements/statement.ts'
import type { FoldDependencies, FoldRecord, Tools } from '../../src/fold/context.ts'
import type { AdjustmentSubmitted, Event, Tick } from '../../src/fold/events.ts'
import type { CreateFold, PartitionFold } from '../../src/fold/partition-fold.ts'
import type { KeyRange, KeySet, Table } from '../../src/fold/state.ts'
import { fakeCodec } from './fake-codec.ts'

// A fold that uses everything a fold may use, and where every mistake of its driver shows: each
// entry tells how often its party was seen, each tick takes due keys in steps and puts some back.

interface Account {
  count: number
  sum: number
}

const accounts: Table<Account> = {
  name: 'accounts',
  prefix: 'a',
  encode: (row, writer) => {
    writer.unsigned(row.count)
    writer.signed(row.sum)
  },
  decode: (reader) => ({ count: reader.unsigned(), sum: reader.signed() }),
}

const dueKeys: KeySet = { name: 'due', prefix: 'd' }
const stepLimit = 3

export const fakeTools: Tools = {
  decodeEvent: fakeCodec.decodeEvent,
  encodeEntry: fakeCodec.encodeEntry,
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
}

/** Counts adjustments by party; ticks take what is due, three keys a step. */
export const createCountingFold: CreateFold = (dependencies) => new CountingFold(dependencies)

class CountingFold implements PartitionFold {
  private readonly context: FoldDependencies

  constructor(context: FoldDependencies) {
    this.context = context
  }

  readsOf({ decoded }: FoldRecord): string[] {
    if (!decoded.ok || decoded.event.type !== 'AdjustmentSubmitted') return []
    return [`a${decoded.event.partyId}`]
  }

  rangesOf({ decoded }: FoldRecord, _step: number): KeyRange[] {
    return decoded.ok && decoded.event.type === 'Tick' ? [dueRange(decoded.event)] : []
  }

  fold(record: FoldRecord, step: number): boolean {
    const { decoded } = record
    if (!decoded.ok) this.reject(record, '')
    else if (decoded.event.type === 'AdjustmentSubmitted') this.adjust(record, decoded.event)
    else if (decoded.event.type === 'Tick') return this.tick(decoded.event, step)
    return true
  }

  private adjust(record: FoldRecord, event: AdjustmentSubmitted): void {
    if (event.amount < 0) {
      this.reject(record, event.eventId)
      return
    }
    const account = this.count(event.partyId, event.amount)
    this.entry(event.partyId, `${event.eventId}:${account.count}:${account.sum}`)
    this.context.state.addKey(dueKeys, `${pad(event.amount)}/${event.partyId}`)
    if (account.count % 4 === 0) this.context.emit.statement(statementOf(event.partyId, account))
  }

  private tick(event: Tick, step: number): boolean {
    const { state, emit } = this.context
    const due = state.first(dueRange(event))
    for (const key of due) {
      const [amount, partyId] = key.split('/') as [string, string]
      const account = this.count(partyId, 1)
      state.removeKey(dueKeys, key)
      // Some come back, behind this tick or even within it.
      if (account.count % 3 === 0) state.addKey(dueKeys, `${pad(Number(amount) + 7)}/${partyId}`)
      if (account.count % 5 === 0) state.delete(accounts, partyId)
      this.entry(partyId, `${event.eventId}.${step}:${key}:${account.count}`)
    }
    if (due.length === stepLimit) return false
    const noticeId = `tick:${event.eventId}:${step}`
    const facts = [{ name: 'due', value: `${due.length}` }]
    emit.notice({ noticeId, kind: 'NOT_APPLIED', partyId: null, statementId: null, at: 0, facts })
    return true
  }

  private count(partyId: string, amount: number): Account {
    const account = this.context.state.get(accounts, partyId) ?? { count: 0, sum: 0 }
    account.count += 1
    account.sum += amount
    this.context.state.put(accounts, partyId, account)
    return account
  }

  private entry(partyId: string, text: string): void {
    this.context.emit.entry(partyId, new Uint8Array(Buffer.from(text)))
  }

  private reject({ offset, value }: FoldRecord, eventId: string): void {
    this.context.emit.rejection({
      eventId,
      type: '',
      partyId: null,
      code: 'OUT_OF_RANGE',
      message: '',
      partition: this.context.partition,
      offset,
      firstSeenAt: null,
      record: value,
    })
  }
}

function dueRange(event: Tick): KeyRange {
  return { set: dueKeys, from: '', to: pad(event.at), limit: stepLimit }
}

function pad(value: number): string {
  return String(value).padStart(6, '0')
}

function statementOf(partyId: string, account: Account): Statement {
  return { statementId: `${partyId}/S`, lineCount: account.count } as Statement
}

/** The bytes of an adjustment for a party; a negative amount is rejected. */
export function adjustment(eventId: string, partyId: string, amount: number): Uint8Array {
  return fakeCodec.encodeEvent({ type: 'AdjustmentSubmitted', eventId, partyId, amount } as Event)
}

/** The bytes of a tick that takes what is due before `at`. */
export function tick(eventId: string, at: number): Uint8Array {
  return fakeCodec.encodeEvent({ type: 'Tick', eventId, at } as Event)
}
