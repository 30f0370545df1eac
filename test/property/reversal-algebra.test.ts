import fc from 'fast-check'
import { expect, test } from 'vitest'
import { at, bookOf, completed, refunded, tick } from '../support/market.ts'
import { openWorld } from '../support/world.ts'

const cents = (text: unknown): number => Math.round(Number(text) * 100)
const money = (minor: number): string => (minor / 100).toFixed(2)

// F10: whatever the parts, each refund's tender lines make up the refund, every line has the right
// sign, and once all is refunded nothing is left of any fee.
test('refunding all of an order, in any parts, leaves nothing of any fee', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 7 }),
      fc.nat({ max: 100 }),
      async (parts, share) => {
        const net = parts.reduce((sum, part) => sum + part, 0)
        const coupon = Math.floor((net * share) / 200)
        const discounts =
          coupon === 0 ? [] : [{ funder: 'PLATFORM', kind: 'COUPON', amount: money(coupon) }]
        const world = await openWorld({ ruleBook: bookOf() })
        await world.send(completed('O-1', [money(net)], { order: { discounts } }))
        let number = 0
        for (const part of parts) {
          number += 1
          await world.send(refunded(`R-${number}`, 'O-1', [[1, money(part)]]))
          const lines = world.lines().filter(({ eventId }) => eventId === `R-${number}:refund`)
          const tenders = lines.filter(({ feeType }) => feeType !== 'COMMISSION')
          expect(tenders.reduce((sum, { amount }) => sum + cents(amount), 0)).toBe(-part)
          for (const { amount, feeType } of lines) {
            expect(cents(amount) > 0).toBe(feeType === 'COMMISSION')
          }
        }
        await world.send(tick(at('31T00:00')))
        const [statement] = await world.statements()
        expect(statement?.total).toBe('0.00')
      },
    ),
    { numRuns: 60 },
  )
})
