/** What a line of the log may say besides its message: names and numbers, never a payload. */
export interface LogFields {
  readonly partition?: number
  readonly partitions?: number
  readonly offset?: number
  readonly committed?: number
  readonly stored?: number
  readonly records?: number
  readonly milliseconds?: number
  readonly reason?: string
  readonly fault?: string
  readonly exitCode?: number
  readonly signal?: string
  readonly state?: string
  readonly folder?: string
  readonly host?: string
  readonly port?: number
  readonly partyId?: string
  readonly ruleBookId?: string
  readonly ruleBookVersion?: number
  readonly calendarId?: string
  readonly until?: string
  readonly version?: string
  readonly node?: string
  readonly pid?: number
}

/** The log of a process: lines for operators, apart from what is settled. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
