import { expect, test } from 'vitest'
import { priceOf } from '../../../../src/domain/fees/price.ts'
import { tender } from '../../../../src/domain/fees/tender.ts'

test('TENDER: the base itself, whatever the units', () => {
  const price = priceOf({ type: 'TENDER', of: 'BUYER_GOODS' }, 2)
  expect(tender.charge(price, 16_500, 3, 'HALF_UP')).toBe(16_500)
  expect(tender.exact(price, 16_500, 3)).toBe('16500/1')
})
