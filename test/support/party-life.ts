import fc from 'fast-check'
import { bookOf, commonFees, completed, contractOf, refunded, tick } from './market.ts'
import { entityChanged, modeChanged } from './parties.ts'
import { adjusted, local, said } from './settled-months.ts'
import type { Json } from './world.ts'

// A party's life at random: trade, people and the payment system, some of it out of place. What may
// be said of a statement depends on what became of it, so the steps are drawn as numbers and made
// into events against the instructions and statements that are there by then.

/** What the events of a step may look at. */
export interface Situation {
  readonly day: string
  readonly step: number
  readonly statementIds: readonly string[]
  /** Ids with their amounts, oldest first. */
  readonly instructions: readonly { readonly instructionId: string; readonly amount: string }[]
}

const kinds = [
  ...(['sale', 'sale', 'refund', 'adjust', 'tick', 'tick', 'tick', 'tick'] as const),
  ...(['accepted', 'succeeded', 'succeeded', 'failed', 'failed', 'returned'] as const),
  ...(['dispute', 'disputeLines', 'disputeLines', 'resolve', 'resolve'] as const),
  ...(['confirm', 'confirm', 'approve', 'approve', 'approve', 'reject', 'delegate'] as const),
  ...(['hold', 'holdParty', 'holdLines', 'release', 'release', 'suspend', 'resume'] as const),
  ...(['account', 'mode', 'entity'] as const),
]

/** One step: what happens, and numbers to choose by. */
export const lifeStep = fc.record({
  kind: fc.constantFrom(...kinds),
  which: fc.nat({ max: 1_000 }),
  // Round amounts as well, which come to nothing together.
  minor: fc.oneof(fc.integer({ min: -5_000, max: 9_000 }), fc.constantFrom(-2_000, 2_000)),
  days: fc.integer({ min: 0, max: 4 }),
})

export type LifeStep = typeof lifeStep extends fc.Arbitrary<infer T> ? T : never

/** Everything that moves a statement after it is closed. */
export const lifeTerms: Json = {
  confirmation: { required: true, autoConfirmDays: 5 },
  payout: { termDays: 2, minimum: '5.00', negative: 'CARRY_FORWARD', carryMaxPeriods: 1 },
  approval: {
    rules: [
      { item: 'STATEMENT', from: '60.00', levels: ['CLERK'] },
      { item: 'STATEMENT', from: '120.00', levels: ['CLERK', 'HEAD'] },
      { item: 'ADJUSTMENT', from: '40.00', levels: ['CLERK'] },
    ],
  },
}

/** A rule book in which a week is a period, so that a life has many statements. */
export function lifeBook(): Json {
  const cycle = { kind: 'WEEKLY', calendar: 'CN' }
  return bookOf(commonFees.slice(0, 1), contractOf({ ...lifeTerms, cycle }))
}

/** The local day that is some days after 2025-10-01. */
export function dayOf(days: number): string {
  return new Date(Date.UTC(2025, 9, 1 + days)).toISOString().slice(0, 10)
}

/** The event of a step; undefined: there is nothing that it could be about. */
export function eventOf(step: LifeStep, situation: Situation): Json | undefined {
  return tradeOf(step, situation) ?? paymentOf(step, situation) ?? peopleOf(step, situation)
}

function tradeOf({ kind, which, minor }: LifeStep, { day, step }: Situation): Json | undefined {
  const instant = local(day, '10:00')
  const orderCreatedAt = local('2025-09-30')
  switch (kind) {
    case 'tick':
      return tick(local(day))
    case 'sale':
      return completed(`O-${step}`, [yuan(Math.abs(minor) + 1)], {
        occurredAt: instant,
        orderCreatedAt,
      })
    case 'refund': {
      const of = Math.max(step - 1 - (which % 6), 0)
      const at = { occurredAt: instant, orderCreatedAt }
      return refunded(`R-${step}`, `O-${of}`, [[1, yuan((Math.abs(minor) % 900) + 1)]], at)
    }
    case 'adjust':
      return adjusted(`A-${step}`, yuan(minor === 0 ? 1 : minor), day)
    case 'mode':
      return modeChanged(`X-${step}`, which % 2 === 0 ? 'SOP' : 'FBP', instant)
    case 'entity':
      return entityChanged(`X-${step}`, which % 2 === 0 ? 'E-CN' : 'E-HK', instant)
    default:
      return undefined
  }
}

const words = {
  accepted: 'PayoutAccepted',
  succeeded: 'PayoutSucceeded',
  failed: 'PayoutFailed',
  returned: 'PayoutReturned',
} as const

function paymentOf({ kind, which }: LifeStep, situation: Situation): Json | undefined {
  const type = words[kind as keyof typeof words]
  const { instructions, day } = situation
  const about = instructions.at(-1 - (which % 3)) ?? instructions.at(-1)
  if (type === undefined || about === undefined) return undefined
  const { instructionId, amount } = about
  const statementId = instructionId.slice(0, instructionId.indexOf(':PAYOUT:'))
  const reason = 'the bank said so'
  return said(type, day, { instructionId, statementId, amount, currency: 'CNY', reason })
}

function peopleOf(step: LifeStep, situation: Situation): Json | undefined {
  const { day, statementIds } = situation
  const statementId = statementIds.at(-1 - (step.which % 3)) ?? statementIds.at(-1)
  const whole = ofParty(step, situation)
  if (whole !== undefined || statementId === undefined) return whole
  const lineIds = [1, 2, 2 + (step.which % 3)].map((seq) => `${statementId}#${seq}`)
  const lines = lineIds.slice(0, 1 + (step.which % 3))
  const id = idOf(step)
  const who = { statementId, by: 'li.wei', reason: 'a reason' }
  switch (step.kind) {
    case 'dispute':
      return said('StatementDisputed', day, { disputeId: `D-${id}`, ...who })
    case 'disputeLines':
      return said('StatementDisputed', day, { disputeId: `D-${id}`, lineIds: lines, ...who })
    case 'resolve': {
      const adjustment = step.minor > 0 ? { adjustment: yuan(step.minor) } : {}
      return said('DisputeResolved', day, { disputeId: `D-${id}`, ...who, ...adjustment })
    }
    case 'confirm':
      return said('StatementConfirmed', day, { confirmationId: `C-${id}`, statementId, by: 'li' })
    case 'hold':
      return said('HoldPlaced', day, { holdId: `H-${id}`, ...who })
    case 'holdLines':
      return said('HoldPlaced', day, { holdId: `H-${id}`, lineIds: lines, ...who })
    case 'release':
      return said('HoldReleased', day, { holdId: `H-${id}`, ...who })
    default:
      return approvalOf(step, situation, statementId)
  }
}

/** Few ids, so that answers find what they answer. */
function idOf({ which }: LifeStep): number {
  return which % 4
}

function ofParty(step: LifeStep, { day, step: at }: Situation): Json | undefined {
  const reason = 'a reason'
  switch (step.kind) {
    case 'holdParty':
      return said('HoldPlaced', day, { holdId: `P-${idOf(step)}`, by: 'li.wei', reason })
    case 'suspend':
      return said('PartySuspended', day, { changeId: `S-${at}`, reason })
    case 'resume':
      return said('PartyResumed', day, { changeId: `S-${at}`, reason })
    case 'account': {
      const validFrom = local(day)
      return said('PayoutAccountChanged', day, { changeId: `S-${at}`, account: 'a', validFrom })
    }
    default:
      return undefined
  }
}

function approvalOf(
  { kind, which, minor }: LifeStep,
  { day, step }: Situation,
  statementId: string,
): Json | undefined {
  const level = which % 2 === 0 ? 'CLERK' : 'HEAD'
  const item = minor < -2_000 ? { adjustmentId: `A-${step - 1 - (which % 5)}` } : { statementId }
  const approval = { approvalId: `V-${step}`, level, by: `person.${which % 3}`, ...item }
  switch (kind) {
    case 'approve':
      return said('ApprovalGranted', day, approval)
    case 'reject':
      return said('ApprovalRejected', day, { ...approval, reason: 'no' })
    case 'delegate':
      return said('ApprovalDelegated', day, { ...approval, to: `person.${(which + 1) % 3}` })
    default:
      return undefined
  }
}

function yuan(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
