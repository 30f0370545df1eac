import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kafkaOptions, requiredKafka } from '../../../../src/app/kafka/kafka-settings.ts'
import { readSettings } from '../../../../src/app/read-settings.ts'
import { FatalFault } from '../../../../src/ports/faults.ts'

let top = ''

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'settle-settings-'))
  writeFileSync(join(top, 'pem'), 'PEM')
  writeFileSync(join(top, 'password'), 'open-sesame\n')
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

const brokers = { SETTLE_LOG: 'kafka', SETTLE_KAFKA_BROKERS: 'a:9092, [::1]:9093' }

function optionsOf(environment: Readonly<Record<string, string>>) {
  return kafkaOptions(readSettings({ state: top }, environment))
}

test('the embedded log needs nothing, and what is said of Kafka does not matter', () => {
  expect(optionsOf({ SETTLE_KAFKA_BROKERS: 'nonsense' })).toBeUndefined()
})

test('brokers, topics and group have their settings; nothing is encrypted by itself', () => {
  expect(optionsOf(brokers)).toEqual({
    connecting: {
      brokers: ['a:9092', '[::1]:9093'],
      clientId: 'settle',
      ssl: undefined,
      sasl: undefined,
    },
    prefix: 'settlement.',
    group: 'settlement',
    sessionTimeout: 10_000,
  })
})

test('files of TLS are read at once, the password when it is used', () => {
  const options = optionsOf({
    ...brokers,
    SETTLE_KAFKA_TLS: 'on',
    SETTLE_KAFKA_CA: join(top, 'pem'),
    SETTLE_KAFKA_CERT: join(top, 'pem'),
    SETTLE_KAFKA_KEY: join(top, 'pem'),
    SETTLE_KAFKA_SASL: 'scram-sha-512',
    SETTLE_KAFKA_USER: 'settle',
    SETTLE_KAFKA_PASSWORD_FILE: join(top, 'password'),
  })
  expect(options?.connecting.ssl).toEqual({ ca: ['PEM'], cert: 'PEM', key: 'PEM' })
  const sasl = options?.connecting.sasl as { readonly mechanism: string; readonly password: string }
  expect(sasl).toMatchObject({ mechanism: 'scram-sha-512', username: 'settle' })
  expect(sasl.password).toBe('open-sesame')
  writeFileSync(join(top, 'password'), 'changed\n')
  expect(sasl.password).toBe('changed')
})

// biome-ignore format: the columns are a table
const faulty = [
  // settings beside log and brokers                              code  message
  [{ SETTLE_KAFKA_BROKERS: 'a' },                                 3,    'kafkaBrokers: a is no broker'],
  [{ SETTLE_KAFKA_BROKERS: 'a:9092,b c:1' },                      3,    'kafkaBrokers: b c:1 is no broker'],
  [{ SETTLE_KAFKA_PREFIX: 'a b' },                                3,    'kafkaPrefix: only letters'],
  [{ SETTLE_KAFKA_GROUP: 'a/b' },                                 3,    'kafkaGroup: only letters'],
  [{ SETTLE_KAFKA_CA: '/nowhere' },                               3,    'kafkaCa: is of no use'],
  [{ SETTLE_KAFKA_TLS: 'on', SETTLE_KAFKA_CA: '/nowhere' },       6,    'kafkaCa: /nowhere is not there'],
  [{ SETTLE_KAFKA_TLS: 'on', SETTLE_KAFKA_CERT: '/nowhere' },     3,    'give both or none'],
  [{ SETTLE_KAFKA_SASL: 'plain' },                                3,    'kafkaPasswordFile: is missing'],
  [{ SETTLE_KAFKA_SASL: 'plain', SETTLE_KAFKA_PASSWORD_FILE: '/nowhere' }, 6, 'kafkaPasswordFile: /nowhere is not there'],
  [{ SETTLE_KAFKA_TIMEOUT: '10' },                        3,    'must be a whole number from 1000'],
] as const

test.each(faulty)('%j is refused with %i: %s', (environment, exitCode, message) => {
  const read = () => optionsOf({ ...brokers, ...environment })
  expect(read).toThrow(message)
  expect(read).toThrow(expect.objectContaining({ exitCode }))
})

test('a user needs a name, and Kafka needs brokers', () => {
  const password = { SETTLE_KAFKA_PASSWORD_FILE: join(top, 'password') }
  expect(() => optionsOf({ ...brokers, ...password, SETTLE_KAFKA_SASL: 'plain' })).toThrow(
    'kafkaUser: is missing',
  )
  expect(() => optionsOf({ SETTLE_LOG: 'kafka' })).toThrow('kafkaBrokers: is missing')
})

test('commands about topics know no embedded log', () => {
  const refused = () => requiredKafka({ log: 'embedded' }, 'topics')
  expect(refused).toThrow(FatalFault)
  expect(refused).toThrow('is not available in this version')
})
