import { describe, expect, test } from 'vitest'
import { type Flags, readSettings } from '../../../../src/app/read-settings.ts'
import { allSettings } from '../../../../src/app/settings.ts'
import { FatalFault } from '../../../../src/ports/faults.ts'

type Environment = Readonly<Record<string, string>>

function read(flags: Flags, environment: Environment = {}, file?: string) {
  return readSettings(flags, environment, () => file ?? '{}')
}

function faultOf(flags: Flags, environment: Environment = {}, file?: string): FatalFault {
  try {
    read(flags, environment, file)
  } catch (fault) {
    if (fault instanceof FatalFault) return fault
  }
  throw new Error('the settings were accepted')
}

test('what nobody sets has its default', () => {
  expect(read({ state: 'ledger' })).toEqual({
    state: 'ledger',
    log: 'embedded',
    kafkaPrefix: 'settlement.',
    kafkaGroup: 'settlement',
    kafkaTls: 'off',
    kafkaSasl: 'none',
    kafkaTimeout: 10_000,
    host: '127.0.0.1',
    port: 9_464,
    logLevel: 'info',
    tickInterval: 1_000,
    commitRecords: 10_000,
    storeInterval: 1_000,
    cacheRows: 200_000,
  })
})

// biome-ignore format: the columns are a table
const precedence = [
  // flag    variable  file       port   why
  ['1',      '2',      '3',       1,     'a flag wins over all'],
  [undefined, '2',     '3',       2,     'the environment wins over the file'],
  [undefined, undefined, '3',     3,     'the file wins over the default'],
  [undefined, undefined, undefined, 9464, 'the default is left'],
] as const

test.each(precedence)(
  'port by flag %s, variable %s, file %s is %s: %s',
  (flag, variable, file, port) => {
    const flags = { state: 'ledger', config: 'settings.json', port: flag }
    const environment = variable === undefined ? {} : { SETTLE_PORT: variable }
    const text = file === undefined ? '{}' : `{"port": ${file}}`
    expect(read(flags, environment, text).port).toBe(port)
  },
)

test('the file may be named by the environment', () => {
  const environment = { SETTLE_CONFIG: 'settings.json' }
  expect(read({}, environment, '{"state": "ledger", "logLevel": "debug"}')).toMatchObject({
    state: 'ledger',
    logLevel: 'debug',
  })
})

describe('problems', () => {
  test('are all told at once, each with its place', () => {
    const flags = { port: '70000', config: 'settings.json', logLevel: 'loud' }
    const environment = { SETTLE_PARTITIONS: 'two', SETTLE_PROT: '1' }
    const fault = faultOf(flags, environment, '{"cacheRow": 1, "host": 5, "tickInterval": "9"}')
    expect(fault.exitCode).toBe(3)
    expect(fault.message.split('\n')).toEqual([
      'SETTLE_PROT: there is no such setting; did you mean "SETTLE_PORT"?',
      'settings.json: cacheRow: there is no such setting; did you mean "cacheRows"?',
      'state: is missing; give --state or SETTLE_STATE',
      'SETTLE_PARTITIONS: must be a whole number from 1 to 1024',
      'settings.json: host: must be a text that is not empty',
      '--port: must be a whole number from 0 to 65535',
      '--log-level: must be one of debug, info, warn, error',
      'settings.json: tickInterval: must be a whole number from 100 to 60000',
    ])
  })

  // biome-ignore format: the columns are a table
  const refused = [
    // flags                             file              exit code  why
    [{ state: 'a', port: '-1' },         undefined,        2,         'flags alone are usage'],
    [{ state: 'a', port: '1.5' },        undefined,        2,         'no fractions'],
    [{ state: 'a', port: '1e3' },        undefined,        2,         'no exponents'],
    [{},                                 undefined,        2,         'nothing says where the state is'],
    [{ state: 'a', config: 'c' },        '{"port": 1.5}',  3,         'no fractions in the file'],
    [{ state: 'a', config: 'c' },        '{"port": "1"}',  3,         'numbers of the file are numbers'],
    [{ state: 'a', config: 'c' },        '[]',             3,         'the file is an object'],
    [{ state: 'a', config: 'c' },        '{',              3,         'the file is JSON'],
    [{ state: 'a', config: 'c' },        '{"__proto__x": 1}', 3,      'unknown names are refused'],
  ] as const

  test.each(refused)('%j with the file %s ends with %i: %s', (flags, file, exitCode) => {
    expect(faultOf(flags, {}, file).exitCode).toBe(exitCode)
  })

  test('a file that is not there ends with 6', () => {
    const flags = { state: 'a', config: 'no-such-file.json' }
    expect(() => readSettings(flags, {})).toThrowError(/no-such-file\.json: there is no such file/)
  })
})

test('names, flags and variables say the same thing, and each has a sentence', () => {
  for (const [name, { flag, variable, sentence }] of allSettings()) {
    const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    expect(flag).toBe(`--${words}`)
    expect(variable).toBe(`SETTLE_${words.replaceAll('-', '_').toUpperCase()}`)
    expect(sentence).toMatch(/^[A-Z].*\.$/)
  }
})
