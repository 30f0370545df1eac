/** A JSON object. */
export type Json = Record<string, unknown>

/** Sound lines of several types, and ways to change them. */
export const envelope = { eventId: 'e-1', occurredAt: '2026-01-05T10:00:00+08:00' }
export const line = { lineNo: 1, sku: 'SKU-1', quantity: 2, unitPrice: '10.005' }
export const order: Json = {
  type: 'OrderCompleted',
  ...envelope,
  partyId: 'M-1',
  orderId: 'O-1',
  orderCreatedAt: '2026-01-05T10:00:00+08:00',
  order: { currency: 'CNY', lines: [line] },
}
export const refund: Json = {
  type: 'RefundSucceeded',
  ...envelope,
  partyId: 'M-1',
  refundId: 'R-1',
  orderId: 'O-1',
  orderCreatedAt: '2026-01-05T02:00:00Z',
  lines: [{ lineNo: 1, amount: '5.00' }],
}
export const fee: Json = {
  type: 'FeeLineSubmitted',
  ...envelope,
  partyId: 'M-1',
  sourceSystem: 'wms',
  externalId: 'X-1',
  feeType: 'MISC_FEE',
  amount: '-1.50',
  currency: 'CNY',
}
export const tick: Json = { type: 'Tick', ...envelope, at: '2026-01-05T02:00:00Z' }
export const mode: Json = {
  type: 'PartyModeChanged',
  ...envelope,
  partyId: 'M-1',
  changeId: 'C-1',
  mode: 'FBP',
  validFrom: '2026-02-01',
}
export const ruleBook = {
  ruleBookId: 'rb',
  version: 2,
  zone: 'Asia/Shanghai',
  schedules: [] as Json[],
}
export const published: Json = { type: 'RuleBookPublished', ...envelope, ruleBook }
export const contract: Json = {
  type: 'ContractSigned',
  ...envelope,
  partyId: 'M-1',
  contractId: 'CT-1',
  version: 1,
  contract: { mode: 'SOP', validFrom: '2026-01-01' },
}
export const calendarDay = {
  day: '2026-01-01',
  startsAt: '2026-01-01T00:00:00+08:00',
  workday: false,
}
export const calendar: Json = {
  type: 'CalendarPublished',
  ...envelope,
  calendarId: 'CN',
  version: 1,
  zone: 'Asia/Shanghai',
  days: [calendarDay, { day: '2026-01-02', startsAt: '2026-01-02T00:00:00+08:00', workday: true }],
}

export function without(json: Json, name: string): Json {
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== name))
}

/** The order with other fields in its snapshot, or in its first line. */
export const snapshot = (changes: Json): Json => ({
  ...order,
  order: { ...(order.order as Json), ...changes },
})
export const orderLine = (changes: Json): Json => snapshot({ lines: [{ ...line, ...changes }] })
export const refundLine = (changes: Json): Json => ({
  ...refund,
  lines: [{ lineNo: 1, amount: '5.00', ...changes }],
})
export const discount = (changes: Json): Json =>
  snapshot({ discounts: [{ funder: 'MERCHANT', kind: 'COUPON', amount: '1', ...changes }] })
