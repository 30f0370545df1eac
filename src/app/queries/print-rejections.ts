import { FatalFault } from '../../ports/faults.ts'
import { table } from '../statement-table.ts'
import { openQueries } from './open-queries.ts'
import { print } from './print-statements.ts'
import type { RejectionFilter, RejectionJson } from './queries.ts'
import { remedyOf } from './remedies.ts'

export const rejectionFormats = ['table', 'json', 'jsonl'] as const

export type RejectionFormat = (typeof rejectionFormats)[number]

/** Prints the rejections that fit. */
export async function listRejections(
  state: string,
  filter: RejectionFilter,
  format: RejectionFormat,
): Promise<void> {
  const found = await rejectionsIn(state, filter)
  await print(textsOf(found, format, listTable))
}

const notFound = 6

/** Prints all rejections of one event in full; FatalFault 6: there is none. */
export async function showRejection(
  eventId: string,
  state: string,
  format: RejectionFormat,
): Promise<void> {
  const found = await rejectionsIn(state, { eventId })
  if (found.length === 0) {
    const message = `${eventId}: no event of that id was rejected in ${state}`
    throw new FatalFault(notFound, `${message}; settle rejections list prints the ids`)
  }
  await print(textsOf(found, format, (rejections) => rejections.map(inFull).join('\n\n')))
}

async function rejectionsIn(state: string, filter: RejectionFilter): Promise<RejectionJson[]> {
  const queries = await openQueries(state)
  try {
    const found: RejectionJson[] = []
    for await (const rejection of queries.rejections(filter)) found.push(rejection)
    return found
  } finally {
    await queries.close()
  }
}

function textsOf(
  found: readonly RejectionJson[],
  format: RejectionFormat,
  asTable: (found: readonly RejectionJson[]) => string,
): string[] {
  if (format === 'jsonl') return found.map((rejection) => JSON.stringify(rejection))
  return [format === 'json' ? JSON.stringify(found, undefined, 2) : asTable(found)]
}

function listTable(found: readonly RejectionJson[]): string {
  const rows = found.map(({ eventId, type, partyId, code, message }) => [
    eventId,
    type,
    partyId ?? '',
    code,
    message,
  ])
  return table(['event', 'type', 'party', 'code', 'message'], rows, []).trimEnd()
}

function inFull(rejection: RejectionJson): string {
  const { eventId, type, partyId, code, message, partition, offset, firstSeenAt } = rejection
  const event =
    rejection.event === undefined ? '(not kept)' : JSON.stringify(rejection.event, undefined, 2)
  return [
    `REJECTED ${type} ${eventId}${partyId === undefined ? '' : ` of ${partyId}`}`,
    `  code      ${code}`,
    `  message   ${message}`,
    `  to do     ${remedyOf(code)}`,
    `  place     partition ${partition}, offset ${offset}`,
    `  seen at   ${firstSeenAt ?? 'before the first tick'}`,
    `  event     ${event.replaceAll('\n', '\n  ')}`,
  ].join('\n')
}
