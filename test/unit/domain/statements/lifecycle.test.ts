import { expect, test } from 'vitest'
import { advance, mayFollow, takesLines } from '../../../../src/domain/statements/lifecycle.ts'
import {
  openStatement,
  type Statement,
  type StatementStatus,
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
    keepsAmounts: false,
  })
}

test('a statement is named by its key and its period', () => {
  expect(statement().statementId).toBe('M-1/E/SOP/CNY/MONTHLY/2025-10-01')
})

test('there is no way back to taking lines once it is closed (I8)', () => {
  const reached = new Set<string>(['CLOSED'])
  for (const from of reached) {
    for (const to of statementStatuses) if (mayFollow(from as StatementStatus, to)) reached.add(to)
  }
  expect([...reached]).not.toContain('OPEN')
  expect([...reached]).not.toContain('CLOSING')
  expect(statementStatuses.filter((to) => mayFollow('OPEN', to))).toEqual(['CLOSING', 'CLOSED'])
  expect(statementStatuses.filter((to) => mayFollow('CLOSED', to))).toEqual(['FINALISED'])
  expect(statementStatuses.filter((from) => mayFollow(from, 'CLOSED'))).toEqual(['OPEN', 'CLOSING'])
})

test('what is carried, and what came to nothing, rests for good', () => {
  for (const from of ['CARRIED_FORWARD', 'SETTLED_ZERO'] as const) {
    expect(statementStatuses.filter((to) => mayFollow(from, to))).toEqual([])
  }
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
