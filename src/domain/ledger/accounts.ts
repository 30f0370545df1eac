// The accounts of an entity in one currency.

export const pspClearing = 'psp:clearing'
export const bank = 'bank:settlement'
export const buyerRefunds = 'buyer:refunds'
export const subsidyExpense = 'platform:expense:subsidy'
export const commissionExpense = 'platform:expense:commission'
export const purchaseCost = 'platform:cost:purchase'
export const rebateIncome = 'platform:rebate_income'
export const outputTax = 'tax:output'
export const inputTax = 'tax:input'

/** Income by what it is for, such as `platform:revenue:commission`. */
export function revenueOf(what: string): string {
  return `platform:revenue:${what}`
}

/** What is owed to the party on statements that are still open. */
export function accruedOf(partyId: string): string {
  return `party:${partyId}:accrued`
}

/** What is owed by one closed statement; numbers count per mode, so the mode is in the name. */
export function statementOf(partyId: string, mode: string, number: number): string {
  return `party:${partyId}:statement:${mode}:${number}`
}

/** What the party owes. */
export function receivableOf(partyId: string): string {
  return `party:${partyId}:receivable`
}

/** What is held back for the party. */
export function retentionOf(partyId: string): string {
  return `party:${partyId}:retention`
}
