import type { Refusal } from '../domain/billing/refusal.ts'

/** What the fold makes of one record. Waiting ends later in applied or rejected. */
export type Outcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'rejected'; readonly code: RejectionCode; readonly message: string }

export const applied: Outcome = { kind: 'applied' }
export const duplicate: Outcome = { kind: 'duplicate' }
export const waiting: Outcome = { kind: 'waiting' }

/** The business says no: the code is part of the output schema and never changes its meaning. */
export function rejected(code: RejectionCode, message: string): Outcome {
  return { kind: 'rejected', code, message }
}

/** A refusal of billing as the outcome of the record at hand. */
export function toRejected({ code, message }: Refusal): Outcome {
  return rejected(code, message)
}

export type RejectionCode = (typeof rejectionCodes)[number]

export const rejectionCodes = [
  'SCHEMA_INVALID',
  'OUT_OF_RANGE',
  'PARTY_UNKNOWN',
  'ORDER_UNKNOWN',
  'ORDER_CANCELLED',
  'CURRENCY_MISMATCH',
  'FEE_TYPE_UNKNOWN',
  'FEE_SIGN_WRONG',
  'FEE_NOT_SUBMITTABLE',
  'LINE_UNKNOWN',
  'CONTRACT_OVERLAPS',
  'AMOUNT_NOT_QUANTITY_TIMES_PRICE',
  'AMOUNTS_DO_NOT_ADD_UP',
  'DUPLICATE_CONFLICT',
  'CLOCK_AHEAD',
  'CLOSED_PERIOD_REFUSED',
  'NOT_ALLOWED_IN_STATE',
  'RULE_BOOK_REFUSED',
] as const
