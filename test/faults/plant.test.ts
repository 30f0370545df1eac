import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from './fault.ts'
import { Workshop } from './plant.ts'

// What is noticed, and what is not taken for it.

const find = 'charge(_price, base) {'
const fault = (replace: string, more: Partial<Fault> = {}): Fault => ({
  feature: 'F03',
  name: 'a tender is wrong',
  file: 'src/domain/fees/tender.ts',
  find,
  replace,
  test: 'test/unit/domain/fees/tender.test.ts',
  ...more,
})

describe('one workshop', () => {
  let workshop: Workshop

  beforeAll(async () => {
    workshop = await Workshop.open()
  })
  afterAll(() => workshop.close())

  // biome-ignore format: the columns are a table
  test.each([
    ['a wrong amount is noticed',                   fault(`${find} return base + 1`),         'noticed'],
    ['what changes nothing is not, though a fault was before it', fault(`${find} `),          'passed unnoticed'],
    ['what throws proves nothing',                  fault(`${find} throw new Error('lost')`), 'not judged: Error: lost'],
    ['nor does what cannot be imported',            fault('charge('),                         /^not judged: /],
    ['and then all is as it was',                   fault(`${find} `),                        'passed unnoticed'],
  ] as const)('%s', async (_what, planted, verdict) => {
    const found = await workshop.plant(planted)
    if (typeof verdict === 'string') expect(found).toBe(verdict)
    else expect(found).toMatch(verdict)
  })

  test('a test that is none of the quick ones is refused', async () => {
    const slow = fault(find, { test: 'test/e2e/crashes.test.ts' })
    await expect(workshop.plant(slow)).rejects.toThrow('not a test of project check')
  })
})
