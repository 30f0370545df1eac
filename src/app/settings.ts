import { logLevels } from '../ports/logger.ts'

// The settings of `settle run`, declared once: they are read by it, and docs/settings.md is made of
// it.

/** One setting. `ledger`: changes results and is fixed with the log; `process`: changes none. */
export interface Setting {
  readonly flag: string
  readonly variable: string
  readonly type: 'text' | 'whole number' | 'choice'
  readonly required?: true
  readonly default?: string | number
  readonly least?: number
  readonly most?: number
  readonly choices?: readonly string[]
  readonly scope: 'process' | 'ledger'
  readonly sentence: string
}

/** By the name that a settings file uses. */
export const settings = {
  state: {
    flag: '--state',
    variable: 'SETTLE_STATE',
    type: 'text',
    required: true,
    scope: 'process',
    sentence: 'The folder of log and state; made where there is none.',
  },
  partitions: {
    flag: '--partitions',
    variable: 'SETTLE_PARTITIONS',
    type: 'whole number',
    least: 1,
    most: 1_024,
    scope: 'ledger',
    sentence: 'Partitions of a log that is not there yet, which else gets 1.',
  },
  log: {
    flag: '--log',
    variable: 'SETTLE_LOG',
    type: 'choice',
    default: 'embedded',
    choices: ['embedded', 'kafka'],
    scope: 'ledger',
    sentence: 'Where the log is: in the state folder, for one process, or on Kafka.',
  },
  kafkaBrokers: {
    flag: '--kafka-brokers',
    variable: 'SETTLE_KAFKA_BROKERS',
    type: 'text',
    scope: 'process',
    sentence: 'Brokers to begin with, as `host:port,host:port`.',
  },
  kafkaPrefix: {
    flag: '--kafka-prefix',
    variable: 'SETTLE_KAFKA_PREFIX',
    type: 'text',
    default: 'settlement.',
    scope: 'ledger',
    sentence: 'What the names of the six topics begin with.',
  },
  kafkaGroup: {
    flag: '--kafka-group',
    variable: 'SETTLE_KAFKA_GROUP',
    type: 'text',
    default: 'settlement',
    scope: 'ledger',
    sentence: 'The consumer group, whose processes share the partitions.',
  },
  kafkaTls: {
    flag: '--kafka-tls',
    variable: 'SETTLE_KAFKA_TLS',
    type: 'choice',
    default: 'off',
    choices: ['off', 'on'],
    scope: 'process',
    sentence: 'Whether the connections are encrypted.',
  },
  kafkaCa: {
    flag: '--kafka-ca',
    variable: 'SETTLE_KAFKA_CA',
    type: 'text',
    scope: 'process',
    sentence: 'A PEM file with the authority that signed the certificates of the brokers.',
  },
  kafkaCert: {
    flag: '--kafka-cert',
    variable: 'SETTLE_KAFKA_CERT',
    type: 'text',
    scope: 'process',
    sentence: 'A PEM file with the own certificate, where brokers ask for one.',
  },
  kafkaKey: {
    flag: '--kafka-key',
    variable: 'SETTLE_KAFKA_KEY',
    type: 'text',
    scope: 'process',
    sentence: 'The PEM file with its key.',
  },
  kafkaSasl: {
    flag: '--kafka-sasl',
    variable: 'SETTLE_KAFKA_SASL',
    type: 'choice',
    default: 'none',
    choices: ['none', 'plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'],
    scope: 'process',
    sentence: 'How to log in.',
  },
  kafkaUser: {
    flag: '--kafka-user',
    variable: 'SETTLE_KAFKA_USER',
    type: 'text',
    scope: 'process',
    sentence: 'The name to log in with.',
  },
  kafkaPasswordFile: {
    flag: '--kafka-password-file',
    variable: 'SETTLE_KAFKA_PASSWORD_FILE',
    type: 'text',
    scope: 'process',
    sentence: 'A file with the password or token; read at every log-in, shown nowhere.',
  },
  kafkaTimeout: {
    flag: '--kafka-timeout',
    variable: 'SETTLE_KAFKA_TIMEOUT',
    type: 'whole number',
    default: 10_000,
    least: 1_000,
    most: 300_000,
    scope: 'process',
    sentence: 'Milliseconds of silence after which partitions are lost (`session.timeout.ms`).',
  },
  rules: {
    flag: '--rules',
    variable: 'SETTLE_RULES',
    type: 'text',
    scope: 'process',
    sentence: 'A rule book to publish at the start, unless the log has it.',
  },
  host: {
    flag: '--host',
    variable: 'SETTLE_HOST',
    type: 'text',
    default: '127.0.0.1',
    scope: 'process',
    sentence: 'The address that metrics and health are served on.',
  },
  port: {
    flag: '--port',
    variable: 'SETTLE_PORT',
    type: 'whole number',
    default: 9_464,
    least: 0,
    most: 65_535,
    scope: 'process',
    sentence: 'The port of them; 0 takes any that is free and logs it.',
  },
  logLevel: {
    flag: '--log-level',
    variable: 'SETTLE_LOG_LEVEL',
    type: 'choice',
    default: 'info',
    choices: logLevels,
    scope: 'process',
    sentence: 'The least level that is logged; `debug` has a line per batch.',
  },
  tickInterval: {
    flag: '--tick-interval',
    variable: 'SETTLE_TICK_INTERVAL',
    type: 'whole number',
    default: 1_000,
    least: 100,
    most: 60_000,
    scope: 'process',
    sentence: 'Milliseconds between two ticks of a partition; statements close on ticks.',
  },
  commitRecords: {
    flag: '--commit-records',
    variable: 'SETTLE_COMMIT_RECORDS',
    type: 'whole number',
    default: 10_000,
    least: 1,
    most: 1_000_000,
    scope: 'process',
    sentence: 'Records after which a transaction is committed, if time has not come first.',
  },
  storeInterval: {
    flag: '--store-interval',
    variable: 'SETTLE_STORE_INTERVAL',
    type: 'whole number',
    default: 1_000,
    least: 10,
    most: 60_000,
    scope: 'process',
    sentence: 'Milliseconds after which committed rows are written to the store.',
  },
  cacheRows: {
    flag: '--cache-rows',
    variable: 'SETTLE_CACHE_ROWS',
    type: 'whole number',
    default: 200_000,
    least: 0,
    most: 10_000_000,
    scope: 'process',
    sentence: 'Rows of a partition that are kept in memory.',
  },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof settings

/** The settings, read and checked. */
export interface Settings {
  readonly state: string
  readonly partitions: number | undefined
  readonly log: 'embedded' | 'kafka'
  readonly kafkaBrokers: string | undefined
  readonly kafkaPrefix: string
  readonly kafkaGroup: string
  readonly kafkaTls: 'off' | 'on'
  readonly kafkaCa: string | undefined
  readonly kafkaCert: string | undefined
  readonly kafkaKey: string | undefined
  readonly kafkaSasl: 'none' | 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer'
  readonly kafkaUser: string | undefined
  readonly kafkaPasswordFile: string | undefined
  readonly kafkaTimeout: number
  readonly rules: string | undefined
  readonly host: string
  readonly port: number
  readonly logLevel: (typeof logLevels)[number]
  readonly tickInterval: number
  readonly commitRecords: number
  readonly storeInterval: number
  readonly cacheRows: number
}

/** The settings with their names, in the order of the declaration. */
export function allSettings(): [SettingName, Setting][] {
  return Object.entries(settings) as [SettingName, Setting][]
}
