import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { createAvroCodec } from '../../src/adapters/avro/avro-codec.ts'
import { type Settlement, schemasFolder } from '../../src/app/compose.ts'
import { EventChunk } from '../../src/app/event-chunk.ts'
import { openInput } from '../../src/app/process/input.ts'
import { appendThroughSocket, statusOf } from '../../src/app/run/socket-client.ts'
import type { RunStatus } from '../../src/app/run/socket-protocol.ts'
import { type Ended, type Running, startSettle } from './settle-process.ts'

/** A `settle run` of a folder, on a free port. */
export interface Instance {
  readonly state: string
  readonly port: number
  readonly running: Running
  /** The lines of its log so far. */
  readonly lines: () => LogLine[]
}

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** Starts `settle run` and waits until it serves; rejects with what it said where it ends. */
export async function startRun(state: string, ...more: readonly string[]): Promise<Instance> {
  const running = startSettle(['run', '--state', state, '--port', '0', ...more])
  const texts: string[] = []
  running.child.stdout?.on('data', (piece: Buffer) => texts.push(piece.toString()))
  const lines = (): LogLine[] =>
    texts
      .join('')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  let ended: Ended | undefined
  void running.ended.then((end) => {
    ended = end
  })
  for (;;) {
    const served = lines().find(({ msg }) => msg === 'metrics and health are served')
    if (served !== undefined) return { state, port: Number(served.port), running, lines }
    if (ended !== undefined) throw new Error(`settle run ended: ${JSON.stringify(ended)}`)
    await sleep(20)
  }
}

/** Sends the signal and waits for the end. */
export function stopRun({ running }: Instance, signal: NodeJS.Signals): Promise<Ended> {
  running.child.kill(signal)
  return running.ended
}

export async function ask(instance: Instance, path: string) {
  const response = await fetch(`http://127.0.0.1:${instance.port}${path}`)
  return { status: response.status, body: await response.text() }
}

/** The value of one series; NaN where there is none. */
export async function metric(instance: Instance, series: string): Promise<number> {
  const { body } = await ask(instance, '/metrics')
  const line = body.split('\n').find((each) => each.startsWith(`${series} `))
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1))
}

export async function statusNow({ state }: Instance): Promise<RunStatus> {
  const status = await statusOf(state)
  if (status === undefined) throw new Error('settle run does not answer')
  return status
}

/** Waits until something holds; fails after half a minute with what it was about. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let left = 600; left > 0; left -= 1) {
    if (await holds()) return
    await sleep(50)
  }
  expect.fail(`after half a minute: not ${what}`)
}

export async function untilReady(instance: Instance): Promise<void> {
  await until('ready', async () => (await ask(instance, '/readyz')).status === 200)
  await until('a rule book', async () => (await statusNow(instance)).ruleBook !== null)
}

/** Waits until all that the log holds now is folded and in the stores. */
export async function untilFolded(instance: Instance): Promise<void> {
  const { positions } = await statusNow(instance)
  const ends = positions.map(({ end }) => end)
  await until('folded', async () => {
    const now = await statusNow(instance)
    return now.positions.every(({ stored }, partition) => stored >= (ends[partition] as number))
  })
}

/** Loads a file of events through the socket, in chunks, until it is done or nobody answers. */
export async function loadThrough(
  instance: Instance,
  file: string,
  chunkRecords = 5_000,
): Promise<number> {
  const { partitions, ruleBook } = await statusNow(instance)
  const input = await openInput({ files: [file], zone: ruleBook?.zone })
  const codec = createAvroCodec(schemasFolder)
  const log = {
    append: (batches: Parameters<typeof appendThroughSocket>[1]) =>
      appendThroughSocket(instance.state, batches),
  }
  const chunk = new EventChunk({ codec, partitions, log } as unknown as Settlement)
  let count = 0
  for await (const { event } of input.events()) {
    chunk.add(event)
    count += 1
    if (chunk.size >= chunkRecords) await chunk.append({})
  }
  await chunk.append({})
  return count
}

/** A day so many days ago, YYYY-MM-DD. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

/** What was billed, without what depends on when it was. */
export function billedLines(path: string): string[] {
  const rows = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return rows
    .map((row) => JSON.parse(row))
    .map(({ partyId, eventId, orderId, lineNo, feeType, leg, amount }) =>
      JSON.stringify([partyId, eventId, orderId, lineNo, feeType, leg, amount]),
    )
    .sort()
}
