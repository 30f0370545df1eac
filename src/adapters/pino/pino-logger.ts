import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino'
import type { LogFields, Logger, LogLevel } from '../../ports/logger.ts'

/** All that may be written besides the message; a type alone would not hold a careless cast. */
const allowed: Readonly<Record<keyof LogFields, true>> = {
  partition: true,
  partitions: true,
  offset: true,
  committed: true,
  stored: true,
  records: true,
  milliseconds: true,
  reason: true,
  fault: true,
  exitCode: true,
  signal: true,
  state: true,
  folder: true,
  host: true,
  port: true,
  partyId: true,
  ruleBookId: true,
  ruleBookVersion: true,
  calendarId: true,
  until: true,
  version: true,
  node: true,
  pid: true,
}

/** A logger of JSON lines, by default to standard output. */
export function createLogger(level: LogLevel, stream?: DestinationStream): Logger {
  const lines = pino(
    {
      level,
      base: { service: 'settlestream' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // What is logged right before the end must not be lost with the process.
    stream ?? destination({ dest: 1, sync: true }),
  )
  return {
    debug: (message, fields) => lines.debug(shown(fields), message),
    info: (message, fields) => lines.info(shown(fields), message),
    warn: (message, fields) => lines.warn(shown(fields), message),
    error: (message, fields) => lines.error(shown(fields), message),
  }
}

/** The fields that are allowed, and of these only plain values. */
function shown(fields: LogFields = {}): Record<string, string | number> {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(allowed, name)) continue
    if (typeof value === 'string' || typeof value === 'number') kept[name] = value
  }
  return kept
}
