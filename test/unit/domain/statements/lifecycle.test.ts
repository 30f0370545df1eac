import { expect, test } from 'vitest'
import { advance, mayFollow, takesLines } from '../../../../src/domain/statements/lifecycle.ts'
import {
  openStatement,
  type Statement,
  statementStatuses,
} from '../../../../src/domain/statements/statement.ts'

function statement(): Statement {
  return openStatement({
    key: { partyId: 'M-1', entity: 'E', mode: 'SOP', currency: 'CNY', cycle: 'MONTHLY' },
    partyKind: 'MERCHANT',
    cycleTerms: { kind: 'MONTHLY', calendar: 'C', cutoffDay: 1, grace: 10, starts: [] },
    zone: 'Asia/Shanghai',
    periodId: '2025-10-01',
    periodDay: '2025-10-01',
    periodStart: 100,
    periodEnd: 200,
    closesAt: 210,
  })
}

test('a statement is named by its key and its period', () => {
  expect(statement().statementId).toBe('M-1/E/SOP/CNY/MONTHLY/2025-10-01')
})

test('there is no way back: each state is left for a later one only (I8)', () => {
  const ways = statementStatuses.flatMap((from) =>
    statementStatuses.filter((to) => mayFollow(from, to)).map((to) => `${from}>${to}`),
  )
  expect(ways).toEqual(['OPEN>CLOSING', 'OPEN>CLOSED', 'CLOSING>CLOSED', 'CLOSED>FINALISED'])
})

test('lines are taken while it is open or in grace, and never after', () => {
  const taking = statementStatuses.filter((status) => takesLines({ ...statement(), status }))
  expect(taking).toEqual(['OPEN', 'CLOSING'])
})

test('every step is kept with its instant, and a way that is none throws', () => {
  const moved = statement()
  advance(moved, 'CLOSING', 200)
  advance(moved, 'CLOSED', 210)
  expect(() => advance(moved, 'OPEN', 220)).toThrow('cannot go from CLOSED to OPEN')
  advance(moved, 'FINALISED', 210)
  expect(moved.history.map(({ status, at }) => [status, at])).toEqual([
    ['OPEN', 100],
    ['CLOSING', 200],
    ['CLOSED', 210],
    ['FINALISED', 210],
  ])
})
