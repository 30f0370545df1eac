import { describe, expect, test } from 'vitest'
import { checkHeap, checkNode } from '../../../../src/app/doctor/check-host.ts'
import { showBytes } from '../../../../src/app/doctor/finding.ts'

const GB = 1024 ** 3
const day = (text: string): number => Date.parse(text)

describe('node', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // version     on            verdict  why
    ['v20.18.3',   '2026-01-01', 'fail',  'older than the package allows'],
    ['v18.20.0',   '2024-01-01', 'fail',  'an older line'],
    ['v20.19.0',   '2026-01-01', 'ok',    'the first that is allowed'],
    ['v20.19.0',   '2026-03-01', 'warn',  'repairs end soon'],
    ['v20.19.0',   '2026-05-01', 'warn',  'repairs have ended'],
    ['v24.1.0',    '2026-11-24', 'ok',    'a line in repair'],
    ['v31.0.0',    '2026-11-24', 'ok',    'a line of which nothing is known'],
  ] as const

  test.each(cases)('%s on %s is %s: %s', (version, on, verdict) => {
    expect(checkNode(version, day(on)).verdict).toBe(verdict)
  })
})

describe('heap', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // limit     memory    verdict  why
    [4 * GB,     16 * GB,  'ok',    'the stores have room'],
    [4 * GB,     4 * GB,   'warn',  'nothing is left for the stores'],
    [GB / 2,     16 * GB,  'warn',  'too little for the rows in memory'],
  ] as const

  test.each(cases)('%i of %i is %s: %s', (limit, memory, verdict) => {
    const found = checkHeap(limit, memory)
    expect(found.verdict).toBe(verdict)
    expect(found.remedy === undefined).toBe(verdict === 'ok')
  })
})

test.each([
  [0, '0 bytes'],
  [1_023, '1023 bytes'],
  [1_536, '1.5 KB'],
  [5 * GB, '5.0 GB'],
])('%i bytes are shown as %s', (bytes, shown) => {
  expect(showBytes(bytes)).toBe(shown)
})
