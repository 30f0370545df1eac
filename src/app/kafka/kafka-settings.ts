import { readFileSync } from 'node:fs'
import type { KafkaLogOptions } from '../../adapters/kafka/kafka-log.ts'
import { FatalFault } from '../../ports/faults.ts'
import { type Flags, readEnvironment, readSettings } from '../read-settings.ts'
import type { Settings } from '../settings.ts'

/** How to reach a log on Kafka. */
export type LogOnKafka = KafkaLogOptions

const [invalid, notFound] = [3, 6]

/** How to reach the log on Kafka; undefined for the embedded log. FatalFault 3 or 6. */
export function kafkaOptions(settings: Settings): KafkaLogOptions | undefined {
  if (settings.log !== 'kafka') return undefined
  return {
    connecting: {
      brokers: brokersOf(settings.kafkaBrokers),
      clientId: 'settle',
      ssl: tlsOf(settings),
      sasl: saslOf(settings),
    },
    prefix: named('kafkaPrefix', settings.kafkaPrefix),
    group: named('kafkaGroup', settings.kafkaGroup),
    sessionTimeout: settings.kafkaTimeout,
  }
}

/** The same for a command that has other options besides those of the log. FatalFault 2 or 3. */
export function logOf(options: object): KafkaLogOptions | undefined {
  const flags: Flags = Object.fromEntries(
    Object.entries(options).filter(([name]) => /^(log|config|kafka[A-Z].*)$/.test(name)),
  )
  const { settings } = readEnvironment()
  // Where the state is does not matter here, so it need not be said.
  return kafkaOptions(readSettings({ ...flags, state: settings.SETTLE_STATE ?? '.' }, settings))
}

/** FatalFault 2 for the embedded log, of which the command can tell nothing. */
export function requiredKafka(flags: object, command: string): KafkaLogOptions {
  const options = logOf(flags)
  if (options !== undefined) return options
  throw new FatalFault(
    2,
    `${command} of the embedded log is not available in this version; ` +
      'give --log kafka and --kafka-brokers for a log on Kafka',
  )
}

function brokersOf(text: string | undefined): string[] {
  const remedy = 'give --kafka-brokers or SETTLE_KAFKA_BROKERS as host:port,host:port'
  if (text === undefined) throw new FatalFault(invalid, `kafkaBrokers: is missing; ${remedy}`)
  const brokers = text.split(',').map((each) => each.trim())
  const faulty = brokers.find((each) => !/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):[0-9]{1,5}$/.test(each))
  if (faulty === undefined) return brokers
  throw new FatalFault(invalid, `kafkaBrokers: ${faulty} is no broker; ${remedy}`)
}

function named(setting: string, value: string): string {
  if (/^[A-Za-z0-9._-]{1,200}$/.test(value)) return value
  throw new FatalFault(invalid, `${setting}: only letters, digits and . _ - may stand in it`)
}

function tlsOf({ kafkaTls, kafkaCa, kafkaCert, kafkaKey }: Settings): object | undefined {
  if (kafkaTls === 'off') {
    const given = Object.entries({ kafkaCa, kafkaCert, kafkaKey }).find(([, path]) => path)
    if (given === undefined) return undefined
    throw new FatalFault(invalid, `${given[0]}: is of no use with kafkaTls off; set it on`)
  }
  if ((kafkaCert === undefined) !== (kafkaKey === undefined)) {
    throw new FatalFault(invalid, 'kafkaCert and kafkaKey: give both or none')
  }
  return {
    ...(kafkaCa === undefined ? {} : { ca: [read('kafkaCa', kafkaCa)] }),
    ...(kafkaCert === undefined ? {} : { cert: read('kafkaCert', kafkaCert) }),
    ...(kafkaKey === undefined ? {} : { key: read('kafkaKey', kafkaKey) }),
  }
}

function saslOf({ kafkaSasl, kafkaUser, kafkaPasswordFile }: Settings): object | undefined {
  if (kafkaSasl === 'none') return undefined
  if (kafkaPasswordFile === undefined) {
    throw new FatalFault(invalid, `kafkaPasswordFile: is missing; kafkaSasl ${kafkaSasl} needs it`)
  }
  const secret = (): string => read('kafkaPasswordFile', kafkaPasswordFile).trim()
  secret()
  if (kafkaSasl === 'oauthbearer') {
    return { mechanism: kafkaSasl, oauthBearerProvider: async () => ({ value: secret() }) }
  }
  if (kafkaUser === undefined) {
    throw new FatalFault(invalid, `kafkaUser: is missing; kafkaSasl ${kafkaSasl} needs it`)
  }
  return {
    mechanism: kafkaSasl,
    username: kafkaUser,
    // Read when it is used: it may change meanwhile, and no copy is kept that could be shown.
    get password() {
      return secret()
    },
  }
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FatalFault(notFound, `${setting}: ${path} is not there`)
    throw new FatalFault(invalid, `${setting}: ${path} cannot be read (${code})`, { cause: error })
  }
}
