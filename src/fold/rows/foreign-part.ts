import type { Foreign } from '../../domain/billing/conversion.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** The part of an order's row about what it said in its own currency. */
export function encodeForeign(foreign: Foreign, writer: ByteWriter): void {
  writer.text(foreign.currency)
  writer.signed(foreign.numerator)
  writer.signed(foreign.denominator)
  writer.list(foreign.net, (amount) => writer.signed(amount))
  writer.list(foreign.reversed, (amount) => writer.signed(amount))
  writer.list(foreign.fees, ({ feeType, amount }) => {
    writer.text(feeType)
    writer.signed(amount)
  })
  writer.signed(foreign.freight)
}

export function decodeForeign(reader: ByteReader): Foreign {
  return {
    currency: reader.text(),
    numerator: reader.signed(),
    denominator: reader.signed(),
    net: reader.list(() => reader.signed()),
    reversed: reader.list(() => reader.signed()),
    fees: reader.list(() => ({ feeType: reader.text(), amount: reader.signed() })),
    freight: reader.signed(),
  }
}
