import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EntryDraft } from '../../../../src/domain/statements/entry.ts'
import { fits, post } from '../../../../src/domain/statements/posting.ts'
import {
  type Leg,
  openStatement,
  type Statement,
} from '../../../../src/domain/statements/statement.ts'

function statement(): Statement {
  return openStatement({
    key: { partyId: 'M-1', entity: 'E', mode: 'SOP', currency: 'CNY', cycle: 'DAILY' },
    partyKind: 'MERCHANT',
    cycleTerms: { kind: 'DAILY', calendar: 'C', cutoffDay: 1, grace: 0, starts: [] },
    zone: 'Asia/Shanghai',
    periodId: '2025-10-01',
    periodDay: '2025-10-01',
    periodStart: 0,
    periodEnd: 1,
    closesAt: 1,
    keepsAmounts: false,
  })
}

const line = fc.record({
  feeType: fc.constantFrom('GOODS', 'COMMISSION', 'CARRY'),
  leg: fc.constantFrom<Leg>('FORWARD', 'REVERSE', 'SUBMITTED', 'ADJUSTMENT', 'CARRY'),
  amount: fc.integer({ min: -1_000, max: 1_000 }).filter((amount) => amount !== 0),
  tax: fc.option(fc.integer({ min: -50, max: 50 })),
  late: fc.boolean(),
})

test('total and totals are the sum of all lines but CARRY, whatever the entries (I2, I3)', () => {
  fc.assert(
    fc.property(fc.array(fc.array(line, { minLength: 1 })), (entries) => {
      const posted = statement()
      const draft = new EntryDraft()
      for (const lines of entries) {
        draft.clear()
        for (const { feeType, leg, amount, tax, late } of lines) {
          const at = draft.add(feeType, leg, amount, 0)
          draft.taxAmount[at] = tax
          draft.originPeriod[at] = late ? '2025-09-30' : null
        }
        post(posted, draft)
      }
      const all = entries.flat()
      const sum = (some: typeof all): number =>
        some.reduce((total, { amount }) => total + amount, 0)
      const counted = all.filter(({ leg }) => leg !== 'CARRY')
      expect(posted.total).toBe(sum(counted))
      expect(posted.lineCount).toBe(all.length)
      expect(posted.entryCount).toBe(entries.length)
      expect(posted.lateLines).toBe(all.filter(({ late }) => late).length)
      expect(posted.taxTotal).toBe(all.reduce((total, { tax }) => total + (tax ?? 0), 0))
      for (const row of posted.totals) {
        const own = counted.filter(({ feeType }) => feeType === row.feeType)
        expect(row.forward).toBe(sum(own.filter(({ leg }) => leg === 'FORWARD')))
        expect(row.reverse).toBe(sum(own.filter(({ leg }) => leg === 'REVERSE')))
        expect(row.forward + row.reverse + row.other).toBe(sum(own))
      }
      expect(new Set(posted.totals.map(({ feeType }) => feeType))).toEqual(
        new Set(counted.map(({ feeType }) => feeType)),
      )
    }),
  )
})

test('an entry fits while every amount is one and the magnitudes stay safe integers', () => {
  const posted = statement()
  const draft = new EntryDraft()
  draft.add('GOODS', 'FORWARD', 2 ** 52 + 1, 0)
  expect(fits(posted, draft)).toBe(false)
  draft.clear()
  draft.add('GOODS', 'FORWARD', 2 ** 52, 0)
  draft.add('GOODS', 'REVERSE', -(2 ** 52 - 2), 0)
  expect(fits(posted, draft)).toBe(true)
  post(posted, draft)
  draft.clear()
  draft.add('GOODS', 'REVERSE', -1, 0)
  expect(fits(posted, draft)).toBe(true)
  draft.add('GOODS', 'FORWARD', 1, 0)
  expect(fits(posted, draft)).toBe(false)
})
