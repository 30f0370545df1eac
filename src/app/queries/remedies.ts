import type { RejectionCode } from '../../fold/outcome.ts'

/** What is to be done about a rejection, a sentence a code. */
const remedies: Readonly<Record<RejectionCode, string>> = {
  SCHEMA_INVALID:
    'Correct the field that the message names at its source and send the event again.',
  OUT_OF_RANGE:
    'Correct the amount or date, or publish a calendar that holds the date, then send it again.',
  PARTY_UNKNOWN:
    'Sign a contract for the party, or publish a template that it matches, then send it again.',
  ORDER_UNKNOWN: 'Send the order of that id and orderCreatedAt first, then the refund again.',
  ORDER_CANCELLED: 'Nothing was billed for the order; clear up with its source why more came.',
  CURRENCY_MISMATCH: 'Send the event in the currency of the contract, or amend the contract.',
  FEE_TYPE_UNKNOWN: 'Correct the fee type, or publish a rule book that has it, then send again.',
  FEE_SIGN_WRONG: 'Turn the sign of the amount: it counts from the side of the party.',
  FEE_NOT_SUBMITTABLE:
    'Leave the fee to the rule book that computes it, or make it a passed-on one.',
  LINE_UNKNOWN: 'Correct the line that the event names: the order or statement has no such line.',
  CONTRACT_OVERLAPS: 'End the other contract of the party before this one begins.',
  AMOUNT_NOT_QUANTITY_TIMES_PRICE: 'Correct quantity, unitPrice or amount so that they agree.',
  AMOUNTS_DO_NOT_ADD_UP: 'Correct the discounts or amounts of the order so that its parts add up.',
  DUPLICATE_CONFLICT: 'The first event of this key stands; correct it by an adjustment.',
  CLOCK_AHEAD: 'Set the clock of the source right and send the tick again.',
  CLOSED_PERIOD_REFUSED: 'Bring the amount in by an adjustment of the open period.',
  NOT_ALLOWED_IN_STATE: 'Look at where the order or line stands, then correct or drop the event.',
  RULE_BOOK_REFUSED: 'Correct what settle rules lint finds and publish the rule book again.',
}

/** One sentence for those who deal with a rejection. */
export function remedyOf(code: string): string {
  return (
    remedies[code as RejectionCode] ?? 'Read the message; this version has no advice for the code.'
  )
}
