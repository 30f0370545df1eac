import { type Day, parseDay } from '../../domain/calendar/day.ts'
import { type Decimal, parseDecimal } from '../../domain/money/decimal.ts'
import { londonInstant } from './london-time.ts'

/** The columns that decide what a row becomes; the file may hold more, in any order. */
export const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
] as const

/** A row's cells as written, by column. */
export type RawRow = Readonly<Record<(typeof columns)[number], string>>

/** A row of the data set, read but not yet judged. */
export interface RetailRow {
  readonly invoiceNo: string
  readonly stockCode: string
  readonly description: string
  readonly quantity: number
  /** UTC, milliseconds. */
  readonly instant: number
  /** Local day in London. */
  readonly day: Day
  readonly unitPrice: Decimal
  /** As in the file. */
  readonly unitPriceText: string
  /** Digits, or empty when the sale names no customer. */
  readonly customer: string
}

/** What is wrong with a row: `FIELD: sentence`, for the reader of the file. */
export class RowProblem {
  readonly message: string

  constructor(field: string, problem: string) {
    this.message = `${field}: ${problem}`
  }
}

const invoicePattern = /^[A-Za-z0-9._:?-]{1,32}$/
const quantityPattern = /^-?[0-9]{1,12}$/
const customerPattern = /^([0-9]{1,15})(?:\.0)?$/
const datePattern = /^([0-9]{4}-[0-9]{2}-[0-9]{2}) ([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])$/

/** Reads the cells of one row; what does not read is a problem with the column's name. */
export function readRow(raw: RawRow): RetailRow | RowProblem {
  if (!invoicePattern.test(raw.InvoiceNo)) {
    return new RowProblem('InvoiceNo', `"${raw.InvoiceNo}" is no invoice number`)
  }
  if (raw.StockCode === '') return new RowProblem('StockCode', 'is empty')
  if (!quantityPattern.test(raw.Quantity)) {
    return new RowProblem('Quantity', `"${raw.Quantity}" is no whole number`)
  }
  const time = readTime(raw.InvoiceDate)
  if (time === undefined) {
    const shape = 'YYYY-MM-DD HH:MM:SS'
    return new RowProblem('InvoiceDate', `"${raw.InvoiceDate}" is no time of the form ${shape}`)
  }
  const unitPrice = parseDecimal(raw.UnitPrice)
  if (unitPrice === undefined) {
    return new RowProblem('UnitPrice', `"${raw.UnitPrice}" is no decimal of at most 9 decimals`)
  }
  const customer = raw.CustomerID === '' ? '' : customerPattern.exec(raw.CustomerID)?.[1]
  if (customer === undefined) {
    return new RowProblem('CustomerID', `"${raw.CustomerID}" is no customer number`)
  }
  return {
    invoiceNo: raw.InvoiceNo,
    stockCode: raw.StockCode,
    description: raw.Description,
    quantity: Number(raw.Quantity) + 0,
    ...time,
    unitPrice,
    unitPriceText: raw.UnitPrice,
    customer,
  }
}

function readTime(text: string): { instant: number; day: Day } | undefined {
  const match = datePattern.exec(text)
  const day = match === null ? undefined : parseDay(match[1] as string)
  if (match === null || day === undefined) return undefined
  const instant = londonInstant({
    day,
    hour: Number(match[2]),
    minute: Number(match[3]),
    second: Number(match[4]),
  })
  return { instant, day }
}
