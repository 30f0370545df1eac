/** The kinds of business keys that have no row of their own; the characters are never reused. */
const kinds = {
  refund: 'r',
  reversal: 'v',
  adjustment: 'a',
  chargebackClosed: 'k',
  exchange: 'x',
  contract: 'c',
  change: 'm',
  ruleBook: 'b',
  calendar: 'd',
  confirmation: 'C',
  dispute: 'D',
  approval: 'A',
  hold: 'H',
  payout: 'P',
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

/** The key in `waitingAdjustments`. */
export function adjustmentKey(partyId: string, adjustmentId: string): string {
  return `${partyId}\0${adjustmentId}`
}
