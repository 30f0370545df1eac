import { expect, test } from 'vitest'
import { createLogger } from '../../../../src/adapters/pino/pino-logger.ts'
import type { LogFields, LogLevel } from '../../../../src/ports/logger.ts'

function logger(level: LogLevel) {
  const lines: string[] = []
  const log = createLogger(level, { write: (line: string) => lines.push(line) })
  return { log, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

test('a line is JSON with its level as a word, the instant, the service and its fields', () => {
  const { log, read } = logger('info')
  log.info('partition recovered', { partition: 3, offset: 17 })
  expect(read()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'settlestream',
      partition: 3,
      offset: 17,
      msg: 'partition recovered',
    },
  ])
})

test('levels below the one that was asked for are left out', () => {
  const { log, read } = logger('warn')
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  expect(read().map(({ msg }) => msg)).toEqual(['c', 'd'])
})

test('a party may be named, and nothing that is not on the list is written', () => {
  const { log, read } = logger('debug')
  const careless = {
    partyId: 'M-1',
    order: { buyer: 'planted-secret' },
    iban: 'planted-secret',
    reason: { text: 'planted-secret' },
  } as unknown as LogFields
  log.debug('batch folded', careless)
  const [line] = read()
  expect(line).toMatchObject({ partyId: 'M-1' })
  expect(JSON.stringify(line)).not.toContain('planted-secret')
})
