import { strict as assert } from 'node:assert'
import { crc32 } from 'node:zlib'
import { Halted } from '../ports/faults.ts'
import type { Committed, Log, LogDescription, Position } from '../ports/log.ts'
import { emptyDigest } from './digest.ts'
import type { EmissionCount } from './emission-log.ts'
import { decodeMetadata, type Identity, type LastRecord, type Meta } from './meta.ts'
import { comparePositions, showPosition } from './position.ts'

/** The log and its partition that a start is about. */
export interface InputLog {
  readonly log: Log
  readonly description: LogDescription
  readonly partition: number
}

export const logStart: Position = { offset: 0, step: 0 }

/** The emissions of a fold that has folded nothing. */
export const noEmissions: EmissionCount = { nextOutSeq: 0, digest: emptyDigest }

/** Before anyone is fenced: the store must be of this log, partition and rules (R11). */
export function checkIdentity(meta: Meta, identity: Identity): void {
  const names = Object.keys(identity) as (keyof Identity)[]
  for (const name of names) {
    const [stored, actual] = [meta.identity[name], identity[name]]
    if (stored === actual) continue
    throw new Halted(
      'IDENTITY_CHANGED',
      `the store was made with ${name} ${stored}, and now ${name} is ${actual}; ` +
        `start with the former, or with an empty store folder`,
    )
  }
}

/** After the fence: S ≤ C, and the log still reaches from S to C and is the same log. */
export async function checkPositions(
  input: InputLog,
  meta: Meta | undefined,
  committed: Committed | undefined,
): Promise<void> {
  const stored = meta?.position ?? logStart
  if (committed === undefined && meta !== undefined) {
    throw new Halted(
      'POSITION_LOST',
      `the store stands at ${showPosition(stored)}, but the log has no committed position`,
    )
  }
  if (committed !== undefined && decodeMetadata(committed.metadata) === undefined) {
    throw new Halted(
      'POSITION_LOST',
      `the position ${showPosition(committed.position)} was not committed by this program; ` +
        'if the offsets were reset, set them back to where the store stands',
    )
  }
  const target = committed?.position ?? logStart
  if (comparePositions(stored, target) > 0) {
    throw new Halted(
      'STORE_AHEAD',
      `the store stands at ${showPosition(stored)}, the log at ${showPosition(target)}`,
    )
  }
  await checkReach(input, stored, target)
  if (meta?.last !== undefined) await checkLastRecord(input, meta.last)
}

/** At C: folding again must have come to what the commit says, else nothing may go on (R9). */
export function checkAgreement(
  at: Position,
  found: EmissionCount & { readonly foldVersion: number },
  committed: Committed | undefined,
): void {
  if (committed === undefined) return
  const left = decodeMetadata(committed.metadata)
  assert(left !== undefined, 'the metadata was not checked before')
  const names = ['digest', 'nextOutSeq', 'foldVersion'] as const
  for (const name of names) {
    if (found[name] === left[name]) continue
    throw new Halted(
      'DIVERGED',
      `at ${showPosition(at)} the fold has ${name} ${found[name]}, the commit has ${left[name]}`,
    )
  }
}

async function checkReach(input: InputLog, stored: Position, target: Position): Promise<void> {
  const start = input.description.events[input.partition]?.start ?? 0
  if (start > stored.offset) {
    throw new Halted(
      'LOG_TRUNCATED',
      `the log starts at ${start}, but the store needs it from ${showPosition(stored)}`,
    )
  }
  const end = await input.log.end('events', input.partition)
  const needed = target.step === 0 ? target.offset : target.offset + 1
  if (end < needed) {
    throw new Halted(
      'LOG_TRUNCATED',
      `the log ends at ${end}, before the committed position ${showPosition(target)}`,
    )
  }
}

async function checkLastRecord(input: InputLog, last: LastRecord): Promise<void> {
  const { log, partition } = input
  // Retention may have taken the record while S itself is still in reach.
  const start = input.description.events[partition]?.start ?? 0
  if (last.offset < start) return
  for await (const batch of log.read('events', partition, last.offset, last.offset + 1)) {
    for (let index = 0; index < batch.count; index += 1) {
      if (batch.offsets[index] !== last.offset) continue
      const value = batch.bytes.subarray(batch.valueStart[index], batch.valueEnd[index])
      if (crc32(value) === last.hash) return
    }
  }
  throw new Halted(
    'IDENTITY_CHANGED',
    `the record at offset ${last.offset} is not the one that the store was folded from; ` +
      `if the log was made anew, start with an empty store folder`,
  )
}
