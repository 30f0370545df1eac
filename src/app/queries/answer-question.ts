import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { FatalFault } from '../../ports/faults.ts'
import type { Queries, RejectionFilter, StatementFilter } from './queries.ts'

const wrongUsage = 2

type Answer = (queries: Queries, given: JsonObject) => AsyncIterable<unknown>

const answers = {
  statements: (queries, { filter }) => queries.statements(filterOf<StatementFilter>(filter)),
  statement: (queries, { statementId }) => maybe(queries.statement(textOf(statementId))),
  lines: (queries, { statementId }) => queries.lines(textOf(statementId)),
  payouts: (queries, { statementId }) => each(queries.payouts(textOf(statementId))),
  entries: (queries, { filter }) => entriesOf(queries, filterOf<StatementFilter>(filter)),
  linesOfOrder: (queries, { orderId, partyId }) =>
    each(queries.linesOfOrder(textOf(orderId), partyId === undefined ? partyId : textOf(partyId))),
  rejections: (queries, { filter }) => queries.rejections(filterOf<RejectionFilter>(filter)),
  ruleBook: (queries, { version }) => maybe(queries.ruleBook(Number(version))),
  event: (queries, { eventId, partyId }) => maybe(queries.event(textOf(eventId), textOf(partyId))),
} as const satisfies Readonly<Record<string, Answer>>

/** A method of `Queries`, as it is asked over the socket. */
export type Question = keyof typeof answers

/**
 * The items of an answer: the records, none or one for what is or is not there, and for `entries`
 * `{statement}` in front of the entries of each statement. FatalFault 2: no such question.
 */
export function answerQuestion(
  queries: Queries,
  question: unknown,
  given: unknown,
): AsyncIterable<unknown> {
  const known = Object.keys(answers).find((name) => name === question) as Question | undefined
  if (known === undefined || typeof given !== 'object' || given === null) {
    const names = Object.keys(answers).join(', ')
    throw new FatalFault(wrongUsage, `query: a question with what is given; there are ${names}`)
  }
  return answers[known](queries, given as JsonObject)
}

async function* entriesOf(queries: Queries, filter: StatementFilter): AsyncGenerator<unknown> {
  for await (const { statement, entries } of queries.entries(filter)) {
    yield { statement }
    yield* entries
  }
}

async function* maybe(answer: Promise<unknown>): AsyncGenerator<unknown> {
  const found = await answer
  if (found !== undefined) yield found
}

async function* each(answer: Promise<readonly unknown[]>): AsyncGenerator<unknown> {
  yield* await answer
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw new FatalFault(wrongUsage, 'query: an id is a text')
}

function filterOf<Filter extends object>(value: unknown): Filter {
  if (typeof value === 'object' && value !== null) return value as Filter
  throw new FatalFault(wrongUsage, 'query: a filter is an object')
}
