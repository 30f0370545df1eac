import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'

// Every human step is an event in the log, and has a command that writes it. Whoever acts is named
// by `--by`: the command does not know who sits at the keyboard.

/** A field of the event that is given as an option. */
export interface StepField {
  readonly field: string
  readonly flag: string
  readonly help: string
  readonly required?: true
  /** Taken as a list of texts. */
  readonly list?: true
}

/** A command for one human step. */
export interface Step {
  readonly name: string
  readonly description: string
  readonly type: string
  /** The field that the argument fills, and how it stands in the usage. */
  readonly subject: { readonly field: string; readonly argument: string; readonly help: string }
  /** The event's own id; given by `--id`, else made. Where it is the subject there is none. */
  readonly idField?: string
  readonly fields: readonly StepField[]
  /** What follows the command's name in its example. */
  readonly example: string
}

const by: StepField = {
  field: 'by',
  flag: '--by <who>',
  help: 'who acts, as it is recorded',
  required: true,
}
const reason: StepField = {
  field: 'reason',
  flag: '--reason <text>',
  help: 'why, as it is recorded',
  required: true,
}
const optionalStatement: StepField = {
  field: 'statementId',
  flag: '--statement <id>',
  help: 'the statement',
}
const statementOption: StepField = { ...optionalStatement, required: true }
const level: StepField = {
  field: 'level',
  flag: '--level <name>',
  help: 'the level of approval, as the contract names it',
  required: true,
}
const statement = { field: 'statementId', argument: '<statement>', help: 'the statementId' }
const item = {
  field: 'itemId',
  argument: '<item>',
  help: 'what is approved: an adjustmentId, a statementId, …',
}
const lines: StepField = {
  field: 'lineIds',
  flag: '--lines <ids...>',
  help: 'only these lines; without it the whole statement',
  list: true,
}
const sampleStatement = "'M-0001/E-CN-01/SOP/CNY/MONTHLY/2026-06-01'"

/** In the order in which they are listed in the help. */
export const steps: readonly Step[] = [
  {
    name: 'confirm',
    description: 'Confirm a statement for its party',
    type: 'StatementConfirmed',
    subject: statement,
    idField: 'confirmationId',
    fields: [by],
    example: `${sampleStatement} --by li.wei --state ledger`,
  },
  {
    name: 'dispute',
    description: 'Dispute a statement or some of its lines: its clock stops, the rest goes on',
    type: 'StatementDisputed',
    subject: statement,
    idField: 'disputeId',
    fields: [by, reason, lines],
    example: `${sampleStatement} --by li.wei --reason 'two parcels are missing' --state ledger`,
  },
  {
    name: 'resolve',
    description: 'Resolve a dispute',
    type: 'DisputeResolved',
    subject: { field: 'disputeId', argument: '<dispute>', help: 'the disputeId' },
    fields: [
      statementOption,
      by,
      reason,
      {
        field: 'adjustment',
        flag: '--adjustment <amount>',
        help: 'what the party is given for it',
      },
    ],
    example: `D-17 --statement ${sampleStatement} --by ops.chen --reason 'checked' --state ledger`,
  },
  {
    name: 'approve',
    description: 'Approve what waits for approval at a level',
    type: 'ApprovalGranted',
    subject: item,
    idField: 'approvalId',
    fields: [level, by],
    example: 'ADJ-9 --party M-0001 --level FINANCE --by cfo.zhao --state ledger',
  },
  {
    name: 'reject',
    description: 'Refuse what waits for approval',
    type: 'ApprovalRejected',
    subject: item,
    idField: 'approvalId',
    fields: [level, by, reason],
    example:
      "ADJ-9 --party M-0001 --level FINANCE --by cfo.zhao --reason 'no evidence' --state ledger",
  },
  {
    name: 'delegate',
    description: 'Hand an approval to somebody else',
    type: 'ApprovalDelegated',
    subject: item,
    idField: 'approvalId',
    fields: [
      level,
      by,
      { field: 'to', flag: '--to <who>', help: 'who is to decide', required: true },
    ],
    example: 'ADJ-9 --party M-0001 --level FINANCE --by cfo.zhao --to cfo.deputy --state ledger',
  },
  {
    name: 'hold',
    description: 'Hold a statement, some of its lines, or all of a party back from payment',
    type: 'HoldPlaced',
    subject: { field: 'holdId', argument: '<hold>', help: 'an id of your own for the hold' },
    fields: [optionalStatement, lines, by, reason],
    example: `H-3 --statement ${sampleStatement} --by risk.sun --reason review --state ledger`,
  },
  {
    name: 'release',
    description: 'Release a hold',
    type: 'HoldReleased',
    subject: { field: 'holdId', argument: '<hold>', help: 'the holdId' },
    fields: [optionalStatement, by, reason],
    example: `H-3 --statement ${sampleStatement} --by risk.sun --reason 'cleared' --state ledger`,
  },
  {
    name: 'adjust',
    description: 'Submit a manual plus or minus for a party, with reason and evidence',
    type: 'AdjustmentSubmitted',
    subject: { field: 'adjustmentId', argument: '<adjustment>', help: 'an id of your own for it' },
    fields: [
      { field: 'amount', flag: '--amount <money>', help: 'signed, from its side', required: true },
      { field: 'currency', flag: '--currency <code>', help: 'such as CNY', required: true },
      reason,
      {
        field: 'evidence',
        flag: '--evidence <text>',
        help: 'where the proof lies',
        required: true,
      },
      { ...by, field: 'submittedBy' },
      { field: 'correctsLineId', flag: '--corrects <line>', help: 'the lineId it corrects' },
    ],
    example:
      "ADJ-9 --party M-0001 --amount 5.00 --currency CNY --reason 'fee left off' " +
      '--evidence mail-71 --by ops.chen --state ledger',
  },
]

/** What the command line says of a step. */
export interface StepGiven {
  readonly subject: string
  /** By field of the event. */
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly party: string | undefined
  /** What kind of thing an approval is of. */
  readonly of: string | undefined
  /** The business key: the same step with the same id is taken once. */
  readonly id: string
  /** A new one for every try, so that its outcome is found. */
  readonly eventId: string
  /** ISO 8601. */
  readonly at: string
}

/** The event of a step, as in a file. A statement's party stands at the beginning of its id. */
export function eventOf(step: Step, given: StepGiven): JsonObject {
  const { subject, values, id, eventId, at, party } = given
  const event: JsonObject = { type: step.type, eventId, occurredAt: at }
  if (step.idField !== undefined) event[step.idField] = id
  event[subjectField(step, given)] = subject
  for (const { field } of step.fields) {
    const value = values[field]
    if (value !== undefined) event[field] = value
  }
  const statementId = event.statementId ?? (subject.includes('/') ? subject : undefined)
  event.partyId = party ?? (typeof statementId === 'string' ? statementId.split('/')[0] : undefined)
  return event
}

/** What an approval is of: a statement has slashes in its id, all else is said. */
function subjectField(step: Step, { subject, of }: StepGiven): string {
  if (step.subject !== item) return step.subject.field
  return subject.includes('/') ? 'statementId' : `${of ?? 'adjustment'}Id`
}
