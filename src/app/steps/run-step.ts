import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAvroCodec } from '../../adapters/avro/avro-codec.ts'
import { createEventReader } from '../../adapters/json-lines/event-reader.ts'
import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import type { Event } from '../../fold/events.ts'
import { FatalFault, TransientFault } from '../../ports/faults.ts'
import { openSettlement, schemasFolder } from '../compose.ts'
import { EventChunk } from '../event-chunk.ts'
import { refuseKafkaFolder } from '../kafka/kafka-folder.ts'
import { openQueries } from '../queries/open-queries.ts'
import type { RejectionJson } from '../queries/queries.ts'
import { remedyOf } from '../queries/remedies.ts'
import { readEnvironment } from '../read-settings.ts'
import { appendThroughSocket, statusOf } from '../run/socket-client.ts'
import type { RunStatus } from '../run/socket-protocol.ts'

const usage = 2
const refused = 4
const notFound = 6
const notAllowed = 7

/** What came of a step. */
export interface StepOutcome {
  readonly eventId: string
  /** Undefined: it was taken. */
  readonly rejection: RejectionJson | undefined
  /** What its statement rests in now, where it is about one. */
  readonly status: string | undefined
}

/**
 * Writes the event of a human step into the log, waits until it is folded, and says what came of
 * it. FatalFault: a field is faulty (2), the folder holds no settlement (6).
 */
export async function takeStep(state: string, json: JsonObject): Promise<StepOutcome> {
  const event = readStep(json)
  const running = await statusOf(state)
  if (running === undefined) await appendHere(state, event)
  else await appendBeside(state, running, event)
  const queries = await openQueries(state)
  try {
    const { eventId } = event
    const { statementId } = json
    let rejection: RejectionJson | undefined
    for await (const each of queries.rejections({ eventId })) rejection = each
    const statement =
      typeof statementId === 'string' ? await queries.statement(statementId) : undefined
    return { eventId, rejection, status: statement?.status }
  } finally {
    await queries.close()
  }
}

/** Prints the outcome; the exit code is 7 where the state forbids it, 4 where it was refused. */
export function tellOutcome(outcome: StepOutcome, what: string): number {
  const { eventId, rejection, status } = outcome
  if (rejection === undefined) {
    const now = status === undefined ? '' : `; the statement is ${status} now`
    process.stdout.write(`${what}: recorded as ${eventId}${now}\n`)
    return 0
  }
  const { code, message } = rejection
  process.stderr.write(`${what}: refused, ${code}: ${message}; ${remedyOf(code)}\n`)
  return code === 'NOT_ALLOWED_IN_STATE' ? notAllowed : refused
}

function readStep(json: JsonObject): Event {
  const read = createEventReader({ schemasFolder, zone: undefined }).read(JSON.stringify(json))
  if (read.ok) return read.event
  throw new FatalFault(usage, `${read.field}: ${read.message}`)
}

async function appendHere(state: string, event: Event): Promise<void> {
  refuseKafkaFolder(state)
  if (!existsSync(join(state, 'log', 'CURRENT'))) {
    const remedy = 'name the folder that `settle process --state` or `settle load --state` wrote'
    throw new FatalFault(notFound, `${state}: holds no settlement; ${remedy}`)
  }
  const { failpoint } = readEnvironment()
  const settlement = await openSettlement({ folder: state, partitions: undefined, failpoint })
  try {
    const chunk = new EventChunk(settlement)
    chunk.add(event)
    await chunk.append({})
  } finally {
    await settlement.close()
  }
}

/** Hands the event to the instance that holds the folder, and waits until it is committed. */
async function appendBeside(state: string, { partitions }: RunStatus, event: Event) {
  const codec = createAvroCodec(schemasFolder)
  const chunk = new EventChunk({
    codec,
    partitions,
    log: { append: (batches) => appendThroughSocket(state, batches) },
  })
  chunk.add(event)
  await chunk.append({})
  const ends = (await statusOf(state))?.positions.map(({ end }) => end)
  for (let left = 600; left > 0; left -= 1) {
    const status = await statusOf(state)
    if (status === undefined || ends === undefined) return
    if (status.positions.every((each, place) => each.stored >= (ends[place] ?? 0))) return
    await sleep(50)
  }
  throw new TransientFault(`${state}: the step is in the log and is not folded after 30 s`)
}
