import { type Day, formatDay } from '../../domain/calendar/day.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { londonMidnight } from './london-time.ts'
import { isoOf, type RetailEvent, type RetailOrder, type RetailOrderLine } from './retail-event.ts'
import { type RetailRow, RowProblem } from './row.ts'
import { amountOf, SaleLines } from './sale-lines.ts'

// Turns rows into events, with state over the rows read so far.
//
//   I1. An invoice is a run of rows with one number, one customer and one local day.
//   I2. An invoice's orders are emitted when its last row has been read, in the order of their
//       first rows; everything else is emitted as it is read.
//   I3. Ticks come after the last event of a day and before the first row of the next.

/** Local midnights that tick after the last row, so that every statement comes to its close. */
const daysAfterTheLast = 45

const goodsPattern = /^[0-9]{5}/
const skuPattern = /^[A-Za-z0-9._:?-]{1,64}$/
const digitsOnly = /^[0-9]+$/

const feeTypes: ReadonlyMap<string, string> = new Map([
  ['POST', 'FREIGHT_INCOME'],
  ['DOT', 'FREIGHT_INCOME'],
  ['C2', 'FREIGHT_INCOME'],
  ['D', 'DISCOUNT'],
  ['M', 'MANUAL_ADJUSTMENT'],
  ['m', 'MANUAL_ADJUSTMENT'],
  ['AMAZONFEE', 'PLATFORM_CHARGE'],
  ['BANK CHARGES', 'PLATFORM_CHARGE'],
  ['CRUK', 'PLATFORM_CHARGE'],
  ['S', 'SAMPLE'],
  ['B', 'BAD_DEBT'],
])

interface Invoice {
  readonly invoiceNo: string
  readonly invoiceId: string
  readonly customer: string
  readonly day: Day
  /** Rows so far, skipped ones included. */
  rows: number
  /** By the first three characters of the stock code, in the order of first rows. */
  readonly orders: Map<string, OpenOrder>
}

interface OpenOrder {
  readonly event: RetailOrder
  readonly lines: RetailOrderLine[]
}

/** The events of the online retail set: feed it every row in order, then end it once. */
export class RetailImport {
  /** Rows that are stock movements or free services and became no event. */
  skippedRows = 0

  readonly #emit: (event: RetailEvent) => void
  readonly #sales = new SaleLines()
  readonly #runs = new Map<string, number>()
  #invoice: Invoice | undefined
  #day: Day | undefined

  constructor(emit: (event: RetailEvent) => void) {
    this.#emit = emit
  }

  /** Takes the next row; a row that fits no rule is a problem and ends the import. */
  add(row: RetailRow): RowProblem | undefined {
    const invoice = this.#invoiceOf(row)
    if (invoice instanceof RowProblem) return invoice
    invoice.rows += 1
    if (row.quantity === 0) return new RowProblem('Quantity', 'is 0')
    if (!goodsPattern.test(row.stockCode)) return this.#service(invoice, row)
    return this.#goods(invoice, row)
  }

  /** Emits what waited for the last row, and the closing ticks. */
  end(): void {
    this.#flush()
    if (this.#day !== undefined) this.#tickTo(this.#day, this.#day + daysAfterTheLast)
  }

  #invoiceOf(row: RetailRow): Invoice | RowProblem {
    const open = this.#invoice
    if (open?.invoiceNo === row.invoiceNo) {
      if (open.customer !== row.customer) {
        return new RowProblem('CustomerID', `invoice ${row.invoiceNo} has two customers`)
      }
      if (open.day !== row.day) {
        return new RowProblem('InvoiceDate', `invoice ${row.invoiceNo} has two days`)
      }
      return open
    }
    this.#flush()
    if (this.#day !== undefined) this.#tickTo(this.#day, row.day)
    this.#day = row.day
    this.#invoice = this.#newInvoice(row)
    return this.#invoice
  }

  #newInvoice({ invoiceNo, customer, day }: RetailRow): Invoice {
    const run = (this.#runs.get(invoiceNo) ?? 0) + 1
    this.#runs.set(invoiceNo, run)
    const invoiceId = run === 1 ? invoiceNo : `${invoiceNo}.${run}`
    return { invoiceNo, invoiceId, customer, day, rows: 0, orders: new Map() }
  }

  #flush(): void {
    for (const { event } of this.#invoice?.orders.values() ?? []) this.#emit(event)
    this.#invoice = undefined
  }

  #tickTo(from: Day, to: Day): void {
    for (let day = from + 1; day <= to; day += 1) {
      const at = isoOf(londonMidnight(day))
      this.#emit({ type: 'Tick', eventId: `tick-${formatDay(day)}`, occurredAt: at, at })
    }
  }

  #service(invoice: Invoice, row: RetailRow): RowProblem | undefined {
    if (row.unitPrice.unscaled === 0) return this.#skip()
    const amount = amountOf(row.quantity, row.unitPrice)
    if (amount === undefined) return new RowProblem('Quantity', 'times UnitPrice is too large')
    const eventId = `${invoice.invoiceId}-${invoice.rows}`
    this.#emit({
      type: 'FeeLineSubmitted',
      eventId,
      occurredAt: isoOf(row.instant),
      partyId: 'M-SHOP',
      sourceSystem: 'online-retail',
      externalId: eventId,
      feeType: feeTypes.get(row.stockCode) ?? 'OTHER_SERVICE',
      amount: formatMinor(amount, 'GBP'),
      currency: 'GBP',
      quantity: row.quantity,
      unitPrice: row.unitPriceText,
      ...(row.description === '' ? {} : { description: row.description }),
    })
    return undefined
  }

  #goods(invoice: Invoice, row: RetailRow): RowProblem | undefined {
    if (!skuPattern.test(row.stockCode)) {
      return new RowProblem(
        'StockCode',
        `"${row.stockCode}" cannot be an id: A-Z a-z 0-9 . _ : ? -`,
      )
    }
    if (row.unitPrice.unscaled < 0) return new RowProblem('UnitPrice', 'is below 0 for goods')
    if (row.invoiceNo.startsWith('C')) return this.#cancellation(invoice, row)
    if (!digitsOnly.test(row.invoiceNo)) {
      const known = 'neither a sale (digits only) nor a cancellation (C…)'
      return new RowProblem('InvoiceNo', `${row.invoiceNo} has goods, but is ${known}`)
    }
    const free = row.unitPrice.unscaled === 0
    if (row.quantity < 0 || (free && row.customer === '')) return this.#skip()
    return this.#sale(invoice, row)
  }

  #skip(): undefined {
    this.skippedRows += 1
  }

  #sale(invoice: Invoice, row: RetailRow): RowProblem | undefined {
    const amount = amountOf(row.quantity, row.unitPrice)
    if (amount === undefined) return new RowProblem('Quantity', 'times UnitPrice is too large')
    const { event, lines } = orderOf(invoice, row)
    const lineNo = lines.length + 1
    const { quantity } = row
    lines.push({
      lineNo,
      sku: row.stockCode,
      quantity,
      unitPrice: row.unitPriceText,
      ...(row.unitPrice.unscaled === 0 ? { gift: true } : {}),
    })
    const { orderId, orderCreatedAt } = event
    this.#sales.add(row, { orderId, orderCreatedAt, lineNo, quantity, amount, returned: 0 })
    return undefined
  }

  #cancellation(invoice: Invoice, row: RetailRow): RowProblem | undefined {
    if (row.quantity > 0) return new RowProblem('Quantity', 'is above 0 on a cancellation')
    const taken = this.#sales.take(row, -row.quantity)
    let left = -row.quantity
    let k = 0
    for (const { line, quantity, amount } of taken) {
      k += 1
      left -= quantity
      this.#refund(invoice, row, { ...line, k, quantity, amount })
    }
    if (left === 0) return undefined
    const amount = amountOf(left, row.unitPrice)
    if (amount === undefined) return new RowProblem('Quantity', 'times UnitPrice is too large')
    this.#refund(invoice, row, {
      orderId: `?-${invoice.invoiceId}`,
      orderCreatedAt: isoOf(row.instant),
      lineNo: 1,
      k: k + 1,
      quantity: left,
      amount,
    })
    return undefined
  }

  #refund({ invoiceId, rows }: Invoice, row: RetailRow, part: RefundPart): void {
    const refundId = `${invoiceId}-${rows}-${part.k}`
    const { orderId, orderCreatedAt, lineNo, quantity } = part
    const amount = formatMinor(part.amount, 'GBP')
    this.#emit({
      type: 'RefundSucceeded',
      eventId: refundId,
      occurredAt: isoOf(row.instant),
      partyId: `M-${row.stockCode.slice(0, 3)}`,
      refundId,
      orderId,
      orderCreatedAt,
      lines: [{ lineNo, amount, quantity }],
    })
  }
}

interface RefundPart {
  readonly orderId: string
  readonly orderCreatedAt: string
  readonly lineNo: number
  /** Place of the refund among those of its row, from 1. */
  readonly k: number
  readonly quantity: number
  readonly amount: number
}

function orderOf(invoice: Invoice, row: RetailRow): OpenOrder {
  const prefix = row.stockCode.slice(0, 3)
  const open = invoice.orders.get(prefix)
  if (open !== undefined) return open
  const orderId = `${invoice.invoiceId}-${prefix}`
  const at = isoOf(row.instant)
  const lines: RetailOrderLine[] = []
  const event: RetailOrder = {
    type: 'OrderCompleted',
    eventId: `${orderId}:completed`,
    occurredAt: at,
    partyId: `M-${prefix}`,
    orderId,
    orderCreatedAt: at,
    order: { currency: 'GBP', lines, ...guideOf(row.customer) },
  }
  const order = { event, lines }
  invoice.orders.set(prefix, order)
  return order
}

function guideOf(customer: string): { guideId?: string } {
  if (customer === '') return {}
  return { guideId: `G-${String(Number(customer) % 50).padStart(2, '0')}` }
}
