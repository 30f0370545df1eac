import { describe, expect, test } from 'vitest'
import type { RetailEvent } from '../../../../src/adapters/online-retail/retail-event.ts'
import { RetailImport } from '../../../../src/adapters/online-retail/retail-import.ts'
import { RowProblem, readRow } from '../../../../src/adapters/online-retail/row.ts'

interface Imported {
  readonly events: RetailEvent[]
  /** `ROW: FIELD: …` of the row that stopped the import. */
  readonly problem: string | undefined
  readonly skippedRows: number
}

/** Imports rows `InvoiceNo | StockCode | Quantity | InvoiceDate | UnitPrice | CustomerID`. */
function imported(text: string): Imported {
  const events: RetailEvent[] = []
  const rows = new RetailImport((event) => events.push(event))
  for (const [index, line] of text.trim().split('\n').entries()) {
    const problem = addLine(rows, line)
    if (problem !== undefined) {
      return { events, problem: `${index + 1}: ${problem.message}`, skippedRows: rows.skippedRows }
    }
  }
  rows.end()
  return { events, problem: undefined, skippedRows: rows.skippedRows }
}

function addLine(rows: RetailImport, line: string): RowProblem | undefined {
  const cells = line.split('|').map((cell) => cell.trim())
  const [InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID] = cells
  const row = readRow({
    InvoiceNo: InvoiceNo ?? '',
    StockCode: StockCode ?? '',
    Description: `about ${StockCode}`,
    Quantity: Quantity ?? '',
    InvoiceDate: InvoiceDate ?? '',
    UnitPrice: UnitPrice ?? '',
    CustomerID: CustomerID ?? '',
  })
  return row instanceof RowProblem ? row : rows.add(row)
}

/** What the import of the rows gives, ticks left out. */
function eventsOf(text: string): RetailEvent[] {
  const { events, problem } = imported(text)
  expect(problem).toBeUndefined()
  return events.filter(({ type }) => type !== 'Tick')
}

function idsOf(text: string): string[] {
  return eventsOf(text).map(({ eventId }) => eventId)
}

function refundsOf(text: string) {
  return eventsOf(text).flatMap((event) =>
    event.type === 'RefundSucceeded'
      ? [
          [
            event.refundId,
            event.orderId,
            event.lines[0]?.lineNo,
            event.lines[0]?.quantity,
            event.lines[0]?.amount,
          ],
        ]
      : [],
  )
}

describe('a sale', () => {
  test('is one completed order a merchant, keys in the order of the sample', () => {
    const [event] = eventsOf('536365 | 85123A | 6 | 2010-12-01 08:26:00 | 2.55 | 17850.0')
    expect(JSON.stringify(event)).toBe(
      '{"type":"OrderCompleted","eventId":"536365-851:completed",' +
        '"occurredAt":"2010-12-01T08:26:00Z","partyId":"M-851","orderId":"536365-851",' +
        '"orderCreatedAt":"2010-12-01T08:26:00Z","order":{"currency":"GBP","lines":[' +
        '{"lineNo":1,"sku":"85123A","quantity":6,"unitPrice":"2.55"}],"guideId":"G-00"}}',
    )
  })

  test('groups the rows of a merchant, in the order of first rows', () => {
    const orders = eventsOf(`
      1 | 22745 | 6 | 2010-12-01 08:26:00 | 2.1  | 13047.0
      1 | 85123 | 1 | 2010-12-01 08:27:00 | 1.00 | 13047.0
      1 | 22748 | 6 | 2010-12-01 08:28:00 | 2.10 | 13047.0
    `)
    expect(orders).toMatchObject([
      {
        orderId: '1-227',
        occurredAt: '2010-12-01T08:26:00Z',
        order: {
          lines: [
            { lineNo: 1, sku: '22745', unitPrice: '2.1' },
            { lineNo: 2, sku: '22748', unitPrice: '2.10' },
          ],
          guideId: 'G-47',
        },
      },
      { orderId: '1-851', occurredAt: '2010-12-01T08:27:00Z' },
    ])
  })

  test('without a customer has no guide', () => {
    const [event] = eventsOf('1 | 22745 | 6 | 2010-12-01 08:26:00 | 2.1 | ')
    expect(event).toMatchObject({ order: { lines: [{ sku: '22745' }] } })
    expect(JSON.stringify(event)).not.toContain('guideId')
  })

  test('at price 0 to a customer is a gift', () => {
    const [event] = eventsOf('1 | 22745 | 6 | 2010-12-01 08:26:00 | 0.0 | 13047.0')
    expect(event).toMatchObject({ order: { lines: [{ unitPrice: '0.0', gift: true }] } })
  })

  test('of a number that came before, in a separate run, gets its own invoice id', () => {
    expect(
      idsOf(`
        1 | 22745 | 1 | 2010-12-01 08:00:00 | 1.0 |
        2 | 22745 | 1 | 2010-12-01 08:00:00 | 1.0 |
        1 | 22745 | 1 | 2010-12-01 08:00:00 | 1.0 |
        2 | 22745 | 1 | 2010-12-01 08:00:00 | 1.0 |
        1 | 22745 | 1 | 2010-12-01 08:00:00 | 1.0 |
      `),
    ).toEqual(['1-227', '2-227', '1.2-227', '2.2-227', '1.3-227'].map((id) => `${id}:completed`))
  })

  test('in summer is an hour earlier in UTC', () => {
    const [event] = eventsOf('1 | 22745 | 1 | 2011-06-01 08:26:00 | 1.0 | ')
    expect(event?.occurredAt).toBe('2011-06-01T07:26:00Z')
  })
})

describe('a stock movement', () => {
  test.each([
    [
      'goods of a negative quantity on a sale',
      '1 | 22745 | -3 | 2010-12-01 08:26:00 | 1.0 | 13047.0',
    ],
    ['goods at price 0 without a customer   ', '1 | 22745 |  3 | 2010-12-01 08:26:00 | 0.0 |'],
    [
      'a service at price 0                  ',
      '1 | S     |  3 | 2010-12-01 08:26:00 | 0.0 | 13047.0',
    ],
  ])('is skipped and counted: %s', (_, row) => {
    const { events, problem, skippedRows } = imported(row)
    expect(problem).toBeUndefined()
    expect(skippedRows).toBe(1)
    expect(events.every(({ type }) => type === 'Tick')).toBe(true)
  })

  test('counts as a place of its invoice', () => {
    expect(
      idsOf(`
        1 | 22745 | -3 | 2010-12-01 08:26:00 | 1.0 |
        1 | POST  |  1 | 2010-12-01 08:26:00 | 1.0 |
      `),
    ).toEqual(['1-2'])
  })
})

describe('a service row', () => {
  test('is a fee of the shop, printed before the orders of its invoice', () => {
    const events = eventsOf(`
      1 | 22745 | 2 | 2010-12-01 08:26:00 | 1.0   | 12583.0
      1 | POST  | 3 | 2010-12-01 08:27:00 | 18.0  | 12583.0
    `)
    expect(events.map(({ eventId }) => eventId)).toEqual(['1-2', '1-227:completed'])
    expect(JSON.stringify(events[0])).toBe(
      '{"type":"FeeLineSubmitted","eventId":"1-2","occurredAt":"2010-12-01T08:27:00Z",' +
        '"partyId":"M-SHOP","sourceSystem":"online-retail","externalId":"1-2",' +
        '"feeType":"FREIGHT_INCOME","amount":"54.00","currency":"GBP","quantity":3,' +
        '"unitPrice":"18.0","description":"about POST"}',
    )
  })

  // biome-ignore format: the columns are a table
  test.each([
    // code           quantity price         fee type             amount
    ['POST',          '1',     '1.00',       'FREIGHT_INCOME',    '1.00'],
    ['DOT',           '1',     '569.77',     'FREIGHT_INCOME',    '569.77'],
    ['C2',            '1',     '50',         'FREIGHT_INCOME',    '50.00'],
    ['D',             '-1',    '27.5',       'DISCOUNT',          '-27.50'],
    ['M',             '-3',    '1.005',      'MANUAL_ADJUSTMENT', '-3.02'],
    ['m',             '1',     '2.555',      'MANUAL_ADJUSTMENT', '2.56'],
    ['AMAZONFEE',     '-1',    '13541.33',   'PLATFORM_CHARGE',   '-13541.33'],
    ['BANK CHARGES',  '-1',    '15.0',       'PLATFORM_CHARGE',   '-15.00'],
    ['CRUK',          '-1',    '1.60',       'PLATFORM_CHARGE',   '-1.60'],
    ['S',             '-1',    '0.004',      'SAMPLE',            '0.00'],
    ['B',             '1',     '-11062.06',  'BAD_DEBT',          '-11062.06'],
    ['DCGS0003',      '2',     '2.5',        'OTHER_SERVICE',     '5.00'],
    ['gift_0001_20',  '2',     '16.67',      'OTHER_SERVICE',     '33.34'],
    ['1234',          '2',     '1.0',        'OTHER_SERVICE',     '2.00'],
  ] as const)('%s times %s at %s is %s of %s', (code, quantity, price, feeType, amount) => {
    const row = `C9 | ${code} | ${quantity} | 2010-12-01 08:26:00 | ${price} |`
    expect(eventsOf(row)).toMatchObject([{ feeType, amount, unitPrice: price }])
  })

  test('may stand on an invoice of any kind', () => {
    expect(idsOf('A563186 | B | 1 | 2011-08-12 14:51:00 | -11062.06 |')).toEqual(['A563186-1'])
  })
})

describe('a cancellation', () => {
  test('takes its units from the latest sale first, across sales', () => {
    expect(
      refundsOf(`
        1  | 22745 |  4 | 2010-12-01 08:00:00 | 1.0  | 13047.0
        2  | 22745 |  3 | 2010-12-01 09:00:00 | 1.00 | 13047.0
        C3 | 22745 | -5 | 2010-12-01 10:00:00 | 1    | 13047.0
        C4 | 22745 | -2 | 2010-12-01 11:00:00 | 1.0  | 13047.0
      `),
    ).toEqual([
      ['C3-1-1', '2-227', 1, 3, '3.00'],
      ['C3-1-2', '1-227', 1, 2, '2.00'],
      ['C4-1-1', '1-227', 1, 2, '2.00'],
    ])
  })

  test('of a line in parts gives its whole amount in the end', () => {
    expect(
      refundsOf(`
        1  | 22745 |  3 | 2010-12-01 08:00:00 | 3.335 |
        C2 | 22745 | -1 | 2010-12-01 09:00:00 | 3.335 |
        C3 | 22745 | -1 | 2010-12-01 09:00:00 | 3.335 |
        C4 | 22745 | -1 | 2010-12-01 09:00:00 | 3.335 |
      `).map((refund) => refund[4]),
    ).toEqual(['3.34', '3.33', '3.34'])
  })

  // biome-ignore format: the columns are a table
  test.each([
    ['another customer ', 'C2 | 22745 | -1 | 2010-12-01 09:00:00 | 1.0  | 2'],
    ['no customer      ', 'C2 | 22745 | -1 | 2010-12-01 09:00:00 | 1.0  |'],
    ['another price    ', 'C2 | 22745 | -1 | 2010-12-01 09:00:00 | 1.01 | 1'],
    ['another stock code', 'C2 | 22745a | -1 | 2010-12-01 09:00:00 | 1.0 | 1'],
  ])('matches no sale of %s', (_, row) => {
    const [refund] = refundsOf(`1 | 22745A | 4 | 2010-12-01 08:00:00 | 1.0 | 1\n${row}`)
    expect(refund?.[1]).toBe('?-C2')
  })

  test('without a sale is a refund of an unknown order, after those with one', () => {
    const events = eventsOf(`
      1  | 22745 |  1 | 2010-12-01 08:00:00 | 1.015 | 1
      C2 | 22745 | -4 | 2010-12-01 09:00:00 | 1.015 | 1
    `)
    expect(events.slice(1)).toMatchObject([
      { refundId: 'C2-1-1', orderId: '1-227', orderCreatedAt: '2010-12-01T08:00:00Z' },
      {
        refundId: 'C2-1-2',
        orderId: '?-C2',
        orderCreatedAt: '2010-12-01T09:00:00Z',
        lines: [{ lineNo: 1, amount: '3.05', quantity: 3 }],
      },
    ])
    expect(JSON.stringify(events[1])).toBe(
      '{"type":"RefundSucceeded","eventId":"C2-1-1","occurredAt":"2010-12-01T09:00:00Z",' +
        '"partyId":"M-227","refundId":"C2-1-1","orderId":"1-227",' +
        '"orderCreatedAt":"2010-12-01T08:00:00Z",' +
        '"lines":[{"lineNo":1,"amount":"1.02","quantity":1}]}',
    )
  })

  test('takes nothing from sales that come after it', () => {
    expect(
      refundsOf(`
        C1 | 22745 | -1 | 2010-12-01 08:00:00 | 1.0 | 1
        2  | 22745 |  1 | 2010-12-01 09:00:00 | 1.0 | 1
      `),
    ).toEqual([['C1-1-1', '?-C1', 1, 1, '1.00']])
  })
})

describe('ticks', () => {
  test('come for each midnight between rows, after the orders of the day before', () => {
    const { events } = imported(`
      1 | 22745 | 1 | 2010-12-01 08:00:00 | 1.0 |
      2 | POST  | 1 | 2010-12-04 00:00:00 | 1.0 |
    `)
    expect(events.slice(0, 5).map(({ eventId }) => eventId)).toEqual([
      '1-227:completed',
      'tick-2010-12-02',
      'tick-2010-12-03',
      'tick-2010-12-04',
      '2-1',
    ])
  })

  test('come for 45 midnights after the last row, at local midnight', () => {
    const { events } = imported('1 | POST | 1 | 2011-03-01 23:59:59 | 1.0 |')
    expect(events).toHaveLength(46)
    expect(events[1]).toEqual({
      type: 'Tick',
      eventId: 'tick-2011-03-02',
      occurredAt: '2011-03-02T00:00:00Z',
      at: '2011-03-02T00:00:00Z',
    })
    expect(events.at(-1)).toMatchObject({
      eventId: 'tick-2011-04-15',
      at: '2011-04-14T23:00:00Z',
    })
  })

  test('are none when there is no row', () => {
    const events: RetailEvent[] = []
    new RetailImport((event) => events.push(event)).end()
    expect(events).toEqual([])
  })
})

describe('the import stops', () => {
  const sale = '1|22745|1|2010-12-01 08:00:00|1.0|1'
  // biome-ignore format: the columns are a table
  test.each([
    ['goods of an A invoice',              'InvoiceNo',   'A1|22745|1|2010-12-01 08:00:00|1.0|1'],
    ['goods of an unknown invoice',        'InvoiceNo',   'X1|22745|1|2010-12-01 08:00:00|1.0|1'],
    ['a cancellation above 0',             'Quantity',    'C1|22745|1|2010-12-01 08:00:00|1.0|1'],
    ['a cancellation of 0',                'Quantity',    'C1|22745|0|2010-12-01 08:00:00|1.0|1'],
    ['quantity 0 of goods',                'Quantity',    '2|22745|0|2010-12-01 08:00:00|1.0|1'],
    ['quantity 0 of a service',            'Quantity',    '2|POST|0|2010-12-01 08:00:00|1.0|1'],
    ['an invoice of two customers',        'CustomerID',  '1|22746|1|2010-12-01 08:00:00|1.0|2'],
    ['an invoice half without a customer', 'CustomerID',  '1|22746|1|2010-12-01 08:00:00|1.0|'],
    ['an invoice of two days',             'InvoiceDate', '1|22746|1|2010-12-02 08:00:00|1.0|1'],
    ['goods at a price below 0',           'UnitPrice',   '2|22745|1|2010-12-01 08:00:00|-1.0|1'],
    ['a stock code that is no id',         'StockCode',   '2|22745é|1|2010-12-01 08:00:00|1.0|1'],
    ['an amount out of range',             'Quantity',    '2|22745|999999999999|2010-12-01 08:00:00|999999|1'],
    ['no invoice number',                  'InvoiceNo',   '|22745|1|2010-12-01 08:00:00|1.0|1'],
    ['a fraction of a unit',               'Quantity',    '2|22745|.5|2010-12-01 08:00:00|1.0|1'],
    ['a day that is none',                 'InvoiceDate', '2|22745|1|2010-02-30 08:00:00|1.0|1'],
    ['an hour that is none',               'InvoiceDate', '2|22745|1|2010-12-01 24:00:00|1.0|1'],
    ['a price with an exponent',           'UnitPrice',   '2|22745|1|2010-12-01 08:00:00|1e3|1'],
    ['a customer that is no number',       'CustomerID',  '2|22745|1|2010-12-01 08:00:00|1.0|x'],
  ])('at %s', (_, field, row) => {
    expect(imported(`${sale}\n${row}`).problem).toMatch(new RegExp(`^2: ${field}: `))
  })
})
