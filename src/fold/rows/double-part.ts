import type { DoubleFees, OwnFee } from '../../domain/billing/double.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** The part of an order's row about fees that two paths compute. */
export function encodeDoubles({ currency, own, submitted }: DoubleFees, writer: ByteWriter): void {
  writer.text(currency)
  writer.flag(own !== null)
  if (own !== null) writer.list(own, (fee) => encodeFee(fee, writer))
  writer.list(submitted, (fee) => {
    encodeFee(fee, writer)
    writer.signed(fee.at)
  })
}

export function decodeDoubles(reader: ByteReader): DoubleFees {
  return {
    currency: reader.text(),
    own: reader.flag() ? reader.list(() => decodeFee(reader)) : null,
    submitted: reader.list(() => ({ ...decodeFee(reader), at: reader.signed() })),
  }
}

function encodeFee({ feeType, lineNo, amount }: OwnFee, writer: ByteWriter): void {
  writer.text(feeType)
  writer.optionalSigned(lineNo)
  writer.signed(amount)
}

function decodeFee(reader: ByteReader): OwnFee {
  return { feeType: reader.text(), lineNo: reader.optionalSigned(), amount: reader.signed() }
}
