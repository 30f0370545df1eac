import { expect, test } from 'vitest'
import { at, bookOf, completed, refunded, tick } from '../../support/market.ts'
import { entityChanged } from '../../support/parties.ts'
import { openWorld } from '../../support/world.ts'

// F20: the settlement entity is part of the key of statements.

test('F20: two entities in one month are two statements, and a refund goes to that of its order', async () => {
  const world = await openWorld({ ruleBook: bookOf(), reload: true })
  const later = { occurredAt: at('20T10:00'), orderCreatedAt: at('20T10:00') }
  await world.send(
    completed('O-1', ['100.00'], { occurredAt: at('05T10:00'), orderCreatedAt: at('05T10:00') }),
    entityChanged('C-1', 'E-HK', at('15T00:00')),
    completed('O-2', ['200.00'], later),
    refunded('R-1', 'O-1', [[1, '40.00']], { orderCreatedAt: at('05T10:00') }),
    tick('2025-11-01T00:00:00.000+08:00'),
  )
  const found = (await world.statements()).map(({ statementId, total }) => [statementId, total])
  expect(found).toEqual([
    ['M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01', '57.00'],
    ['M-1/E-HK/SOP/CNY/MONTHLY/2025-10-01', '190.00'],
  ])
})
