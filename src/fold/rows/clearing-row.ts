import {
  type Approval,
  type Clearing,
  type PayoutState,
  payoutStates,
} from '../../domain/statements/clearing.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** The row of a closed statement that is to be paid. */
export function encodeClearing(row: Clearing, writer: ByteWriter): void {
  writer.byte(2)
  writer.signed(row.payable)
  writer.optionalSigned(row.confirmsAt)
  writer.flag(row.confirmed)
  writer.optionalText(row.confirmedBy)
  writer.list(row.levels, (level) => writer.text(level))
  encodeApproval(row.approval, writer)
  writer.list(row.disputes, ({ disputeId, openedAt, disputed, lines }) => {
    writer.text(disputeId)
    writer.signed(openedAt)
    writer.optionalSigned(disputed)
    writer.list(lines, (seq) => writer.unsigned(seq))
  })
  writer.list(row.holds, ({ holdId, held, lines }) => {
    writer.text(holdId)
    writer.optionalSigned(held)
    writer.list(lines, (seq) => writer.unsigned(seq))
  })
  writer.flag(row.stopped)
  writer.signed(row.paid)
  writer.list(row.payouts, ({ amount, without, state }) => {
    writer.signed(amount)
    writer.list(without, (seq) => writer.unsigned(seq))
    writer.byte(payoutStates.indexOf(state))
  })
}

export function decodeClearing(reader: ByteReader): Clearing {
  const version = reader.byte()
  const seqs = (): number[] => (version === 1 ? [] : reader.list(() => reader.unsigned()))
  return {
    payable: reader.signed(),
    confirmsAt: reader.optionalSigned(),
    confirmed: reader.flag(),
    confirmedBy: reader.optionalText(),
    levels: reader.list(() => reader.text()),
    approval: decodeApproval(reader),
    disputes: reader.list(() => ({
      disputeId: reader.text(),
      openedAt: reader.signed(),
      disputed: reader.optionalSigned(),
      lines: seqs(),
    })),
    holds: reader.list(() => ({
      holdId: reader.text(),
      held: version === 1 ? null : reader.optionalSigned(),
      lines: seqs(),
    })),
    stopped: reader.flag(),
    paid: reader.signed(),
    payouts: reader.list(() => ({
      amount: reader.signed(),
      without: seqs(),
      state: payoutStates[reader.byte()] as PayoutState,
    })),
  }
}

/** How far an item's levels have come, inside a row. */
export function encodeApproval(approval: Approval, writer: ByteWriter): void {
  writer.list(approval.granted, (by) => writer.text(by))
  writer.list(approval.delegations, ({ level, from, to }) => {
    writer.text(level)
    writer.text(from)
    writer.text(to)
  })
  writer.flag(approval.rejected)
}

export function decodeApproval(reader: ByteReader): Approval {
  return {
    granted: reader.list(() => reader.text()),
    delegations: reader.list(() => ({
      level: reader.text(),
      from: reader.text(),
      to: reader.text(),
    })),
    rejected: reader.flag(),
  }
}
