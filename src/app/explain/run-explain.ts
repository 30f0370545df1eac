import { formatInstant } from '../../adapters/json-lines/instants.ts'
import { explainLine } from '../../domain/explain/explain-line.ts'
import type { Explanation, SettledLine } from '../../domain/explain/line.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { payoutOfLine } from '../../domain/statements/clearing.ts'
import { openQueries } from '../queries/open-queries.ts'
import { print } from '../queries/print-statements.ts'
import type { PayoutJson, Queries } from '../queries/queries.ts'
import { type Case, type CaseFiles, caseFromFiles, caseFromState, type Target } from './evidence.ts'

export interface ExplainOptions extends Target {
  /** A state folder, or files. */
  readonly from: { readonly state: string } | CaseFiles
  readonly output: 'text' | 'json'
}

/** An explained line with the event that it came from, where a log is at hand. */
interface Told extends Explanation {
  readonly event: string
  /** What pays it, as far as anything does. */
  readonly payout: PayoutJson | null
}

/**
 * Explains a line or all lines of an order; the exit code is 4 where a figure does not come out.
 */
export async function runExplain(options: ExplainOptions): Promise<number> {
  const told =
    'state' in options.from
      ? await fromState(options, options.from.state)
      : await fromFiles(options, options.from)
  await print([
    options.output === 'json' ? JSON.stringify(told.map(toJson), undefined, 2) : textOf(told),
  ])
  return told.every(({ problems }) => problems.length === 0) ? 0 : 4
}

async function fromState(target: Target, state: string): Promise<Told[]> {
  const queries = await openQueries(state)
  try {
    const explanations = explainCase(await caseFromState(target, queries))
    const events = new Map<string, string>()
    for (const { line } of explanations) await noteEvent(line, queries, events)
    const payouts = await payoutsOf(explanations, queries)
    return explanations.map((each) => ({
      ...each,
      event: events.get(each.line.eventId ?? '') ?? 'no event',
      payout: payoutFor(each.line, payouts),
    }))
  } finally {
    await queries.close()
  }
}

async function payoutsOf(
  explanations: readonly Explanation[],
  queries: Queries,
): Promise<Map<string, PayoutJson[]>> {
  const payouts = new Map<string, PayoutJson[]>()
  for (const { statementId } of explanations.map(({ line }) => line)) {
    if (!payouts.has(statementId)) payouts.set(statementId, await queries.payouts(statementId))
  }
  return payouts
}

function payoutFor(
  { lineId, statementId }: SettledLine,
  payouts: ReadonlyMap<string, readonly PayoutJson[]>,
): PayoutJson | null {
  const own = payouts.get(statementId) ?? []
  const attempt = payoutOfLine(own, Number(lineId.slice(statementId.length + 1)))
  return attempt === null ? null : (own[attempt - 1] ?? null)
}

async function noteEvent(
  { eventId, statementId }: SettledLine,
  queries: Queries,
  events: Map<string, string>,
): Promise<void> {
  if (eventId === null || events.has(eventId)) return
  const event = await queries.event(eventId, statementId.split('/')[0] as string)
  const known = event === undefined ? '' : ` ${String(event.type)} of ${String(event.occurredAt)}`
  events.set(eventId, `event ${eventId}${known}`)
}

async function fromFiles(target: Target, files: CaseFiles): Promise<Told[]> {
  const explanations = explainCase(await caseFromFiles(target, files))
  return explanations.map((each) => {
    const { eventId } = each.line
    return { ...each, event: eventId === null ? 'no event' : `event ${eventId}`, payout: null }
  })
}

function explainCase({ lines, evidence }: Case): Explanation[] {
  return lines.map((line) => explainLine(line, evidence))
}

function toJson({ line, event, payout, isComputed, steps, problems }: Told): object {
  const { lineId, feeType, leg, amount, currency } = line
  const head = { lineId, feeType, leg, amount: formatMinor(amount, currency), currency, event }
  const paidBy =
    payout === null ? {} : { payoutId: payout.instructionId, payoutState: payout.state }
  return { ...head, ...paidBy, isComputed, steps, comesOut: problems.length === 0, problems }
}

function textOf(told: readonly Told[]): string {
  return told.map(lineText).join('\n\n')
}

function lineText({ line, event, payout, isComputed, steps, problems }: Told): string {
  const { lineId, feeType, leg, amount, currency, orderId, lineNo, sku } = line
  const order = orderId === null ? '' : `order ${orderId}`
  const part = lineNo === null ? '' : ` line ${lineNo}`
  const goods = sku === null ? '' : `, ${sku}`
  const facts = [`${order}${part}${goods}`, event, formatInstant(line.occurredAt)]
  const verdict = isComputed ? 'comes out' : 'given, and allowed'
  return [
    `${lineId}`,
    `  ${feeType} ${leg} ${formatMinor(amount, currency)} ${currency}`,
    `  ${facts.filter((text) => text !== '').join('; ')}`,
    ...steps.map((step, place) => `  ${place + 1}. ${step}`),
    ...problems.map(({ figure, message }) => `  DOES NOT COME OUT: ${figure} ${message}`),
    ...(problems.length === 0 ? [`  = ${formatMinor(amount, currency)}: ${verdict}`] : []),
    ...(payout === null ? [] : [`  paid by ${payout.instructionId} (${payout.state})`]),
  ].join('\n')
}
