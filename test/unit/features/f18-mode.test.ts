import { expect, test } from 'vitest'
import { Balances } from '../../../src/domain/ledger/balances.ts'
import { bookLine } from '../../../src/domain/ledger/book-line.ts'
import { bookOf, completed, contractOf, type FeeOf } from '../../support/market.ts'
import { openWorld } from '../../support/world.ts'

const goods = { code: 'GOODS_PAYMENT', sign: '+', posting: 'goods' }
const sold: readonly FeeOf[] = [
  { ...goods, formula: { type: 'TENDER', of: 'BUYER_GOODS' } },
  {
    code: 'COMMISSION',
    posting: 'commission',
    formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
  },
]
const bought: readonly FeeOf[] = [{ ...goods, formula: { type: 'SHARE', of: 'COST', rate: '1' } }]

test.each([
  // mode  fees    what stands on the accounts after an order of 200.00 with a cost price of 180.00
  [
    'SOP',
    sold,
    { 'party:M-1:accrued': -19_000, 'platform:revenue:commission': -1_000, 'psp:clearing': 20_000 },
  ],
  ['FBP', bought, { 'party:M-1:accrued': -18_000, 'platform:cost:purchase': 18_000 }],
] as const)(
  'F18: mode %s decides what is owed and how it is booked [derived]',
  async (mode, fees, want) => {
    const world = await openWorld({ ruleBook: bookOf(fees, contractOf({ mode })) })
    const event = completed('O-1', ['200.00'], { partyId: 'M-1' })
    const { lines, ...order } = event.order as { lines: object[] }
    await world.send({
      ...event,
      order: { ...order, lines: lines.map((line) => ({ ...line, unitCost: '180.00' })) },
    })

    const books = new Balances()
    for (const { lineId, feeType, leg, amount } of world.lines()) {
      const posting = fees.find(({ code }) => code === feeType)?.posting as string
      const money = Math.round(Number(amount) * 100)
      const place = {
        lineId: String(lineId),
        partyId: 'M-1',
        entity: 'E-CN',
        mode,
        currency: 'CNY',
      }
      const line = {
        ...place,
        feeType: String(feeType),
        leg: String(leg),
        amount: money,
        taxAmount: 0,
      }
      const booking = bookLine(line, posting)
      if (booking !== undefined) books.add(booking)
    }
    expect(
      Object.fromEntries(books.rows().map(({ account, balance }) => [account, Number(balance)])),
    ).toEqual(want)
  },
)
