import { encodeUtf8 } from './bytes.ts'

/** The kinds of business keys that have no row of their own; the characters are never reused. */
const kinds = {
  refund: 'r',
  reversal: 'v',
  adjustment: 'a',
  chargebackClosed: 'k',
  exchange: 'x',
  fxRate: 'f',
  contract: 'c',
  change: 'm',
  ruleBook: 'b',
  calendar: 'd',
  confirmation: 'C',
  dispute: 'D',
  approval: 'A',
  hold: 'H',
  payout: 'P',
  agreedRebate: 'R',
  cost: 'K',
  purchase: 'U',
} as const

/** The key in `facts`. Broadcast facts have the empty party. */
export function factKey(kind: keyof typeof kinds, partyId: string, ...parts: string[]): string {
  return `${partyId}\0${kinds[kind]}${parts.join('\0')}`
}

/** The key in `submittedLines`. */
export function submittedKey(partyId: string, sourceSystem: string, externalId: string): string {
  return `${partyId}\0${sourceSystem}\0${externalId}`
}

/** The key in `chargebacks`. */
export function chargebackKey(partyId: string, chargebackId: string): string {
  return `${partyId}\0${chargebackId}`
}

/** The key in `costs`: keys are single bytes, and names of goods may be any text. */
export function costKey(partyId: string, sku: string): string {
  return `${partyId}\0${bytesOf(sku)}`
}

/** The key in `purchases`. */
export function purchaseKey(partyId: string, receiptId: string): string {
  return `${partyId}\0${receiptId}`
}

/** The key in `agreedRebates`. */
export function agreementKey(partyId: string, agreementId: string): string {
  return `${partyId}\0${agreementId}`
}

/** A text as characters of one byte each, in UTF-8. */
export function bytesOf(text: string): string {
  let bytes = ''
  for (const byte of encodeUtf8(text)) bytes += String.fromCharCode(byte)
  return bytes
}

/** The key in `waitingItems` of an agreed rebate; no adjustment's key ends so. */
export function waitingAgreementKey(partyId: string, agreementId: string): string {
  return `${partyId}\0${agreementId}\0`
}

/** The key in `waitingItems` of an adjustment. */
export function adjustmentKey(partyId: string, adjustmentId: string): string {
  return `${partyId}\0${adjustmentId}`
}
