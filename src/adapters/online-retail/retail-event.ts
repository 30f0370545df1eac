/** One event of `settle import online-retail`, keys in the order in which they are printed. */
export type RetailEvent = RetailOrder | RetailRefund | RetailFee | RetailTick

interface Envelope {
  readonly eventId: string
  readonly occurredAt: string
  readonly partyId: string
}

export interface RetailOrder extends Envelope {
  readonly type: 'OrderCompleted'
  readonly orderId: string
  readonly orderCreatedAt: string
  readonly order: {
    readonly currency: 'GBP'
    readonly lines: readonly RetailOrderLine[]
    readonly guideId?: string
  }
}

export interface RetailOrderLine {
  readonly lineNo: number
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: string
  readonly gift?: true
}

export interface RetailRefund extends Envelope {
  readonly type: 'RefundSucceeded'
  readonly refundId: string
  readonly orderId: string
  readonly orderCreatedAt: string
  readonly lines: readonly {
    readonly lineNo: number
    readonly amount: string
    readonly quantity: number
  }[]
}

export interface RetailFee extends Envelope {
  readonly type: 'FeeLineSubmitted'
  readonly sourceSystem: 'online-retail'
  readonly externalId: string
  readonly feeType: string
  readonly amount: string
  readonly currency: 'GBP'
  readonly quantity: number
  readonly unitPrice: string
  readonly description?: string
}

export interface RetailTick {
  readonly type: 'Tick'
  readonly eventId: string
  readonly occurredAt: string
  readonly at: string
}

/** An instant as events write it: ISO 8601, UTC, whole seconds. */
export function isoOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}
