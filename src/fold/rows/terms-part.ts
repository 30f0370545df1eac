import {
  type ApprovalItem,
  approvalItems,
  type NegativeStep,
  negativeSteps,
  type Terms,
} from '../../domain/parties/contract.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

type Afterwards = Pick<Terms, 'confirmation' | 'payout' | 'approval'>

/** Of rows that were written before terms said any of it. */
export const nothingAfterwards: Afterwards = { confirmation: null, payout: null, approval: [] }

/** What terms say of closed statements, inside a row. */
export function encodeAfterwards(
  { confirmation, payout, approval }: Terms,
  writer: ByteWriter,
): void {
  writer.flag(confirmation !== null)
  if (confirmation !== null) {
    writer.flag(confirmation.required)
    writer.optionalSigned(confirmation.autoConfirmDays)
  }
  writer.flag(payout !== null)
  if (payout !== null) {
    writer.unsigned(payout.termDays)
    writer.flag(payout.dayKind === 'WORKDAY')
    writer.signed(payout.minimum)
    writer.list(payout.negative, (step) => writer.byte(negativeSteps.indexOf(step)))
    writer.optionalSigned(payout.carryMaxPeriods)
  }
  writer.list(approval, ({ item, from, levels }) => {
    writer.byte(approvalItems.indexOf(item))
    writer.signed(from)
    writer.list(levels, (level) => writer.text(level))
  })
}

export function decodeAfterwards(reader: ByteReader): Afterwards {
  return {
    confirmation: reader.flag()
      ? { required: reader.flag(), autoConfirmDays: reader.optionalSigned() }
      : null,
    payout: reader.flag()
      ? {
          termDays: reader.unsigned(),
          dayKind: reader.flag() ? 'WORKDAY' : 'CALENDAR',
          minimum: reader.signed(),
          negative: reader.list(() => negativeSteps[reader.byte()] as NegativeStep),
          carryMaxPeriods: reader.optionalSigned(),
        }
      : null,
    approval: reader.list(() => ({
      item: approvalItems[reader.byte()] as ApprovalItem,
      from: reader.signed(),
      levels: reader.list(() => reader.text()),
    })),
  }
}
