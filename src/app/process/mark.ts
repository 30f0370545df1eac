import type { Instant } from '../../domain/calendar/calendar.ts'

/**
 * What `process` has appended to a log so far, stored in one write with the records: so a run that
 * was stopped anywhere goes on exactly where it was.
 */
export interface Mark {
  /** Lines of the input, and the SHA-256 over them, each with its line end. */
  readonly count: number
  readonly sha256: string
  /** Rule books that were published, by the command or in the input, in order. */
  readonly ruleBooks: readonly PublishedBook[]
  readonly calendars: Readonly<Record<string, PublishedCalendar>>
}

export interface PublishedBook {
  readonly ruleBookId: string
  readonly version: number
  readonly hash: string
}

export interface PublishedCalendar {
  readonly version: number
  readonly zone: string
  readonly from: Instant
  readonly to: Instant
}

export const noMark: Mark = { count: 0, sha256: '', ruleBooks: [], calendars: {} }

export function encodeMark(mark: Mark): Uint8Array {
  return Buffer.from(JSON.stringify(mark), 'utf8')
}

export function decodeMark(bytes: Uint8Array | undefined): Mark {
  return bytes === undefined ? noMark : JSON.parse(Buffer.from(bytes).toString('utf8'))
}
