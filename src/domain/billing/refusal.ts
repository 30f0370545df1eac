/** Why billing says no to a fact; the codes are those of rejections. */
export interface Refusal {
  readonly code:
    | 'OUT_OF_RANGE'
    | 'CURRENCY_MISMATCH'
    | 'FEE_TYPE_UNKNOWN'
    | 'FEE_SIGN_WRONG'
    | 'FEE_NOT_SUBMITTABLE'
    | 'LINE_UNKNOWN'
    | 'AMOUNT_NOT_QUANTITY_TIMES_PRICE'
    | 'AMOUNTS_DO_NOT_ADD_UP'
    | 'NOT_ALLOWED_IN_STATE'
    | 'SCHEMA_INVALID'
  readonly message: string
}

export function refuse(code: Refusal['code'], message: string): Refusal {
  return { code, message }
}
