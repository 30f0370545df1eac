import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import type { Evidence, SettledLine } from '../../domain/explain/line.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { FatalFault } from '../../ports/faults.ts'
import { checkRuleBookFile } from '../process/publish.ts'
import { checkedBook } from '../queries/checked-book.ts'
import type { LineJson, Queries } from '../queries/queries.ts'
import { readRuleBookFile } from '../rule-book-file.ts'
import type { Placed } from '../verify/breaks.ts'
import { readExport } from '../verify/read-exports.ts'
import { isFault, readLine } from '../verify/read-line.ts'

/** Lines to be explained, with all that they are explained by. */
export interface Case {
  readonly lines: readonly SettledLine[]
  readonly evidence: Evidence
}

/** What is asked for: a line by its id, or an order, of one party where that is named. */
export interface Target {
  readonly id: string
  readonly party?: string | undefined
}

const notFound = 6
const faulty = 4

/** The case of a line or an order in a state; FatalFault 6: there is none. */
export async function caseFromState(target: Target, queries: Queries): Promise<Case> {
  const wanted = isLineId(target.id)
    ? await lineOf(target.id, queries)
    : await queries.linesOfOrder(target.id, target.party)
  refuseNothing(target, wanted.length, 'the state')
  const related: LineJson[] = [...wanted]
  for (const line of wanted) related.push(...(await relatedTo(line, wanted, queries)))
  const lines = settledLines(related.map((line) => placed(line, line.lineId)))
  const books = await booksOf(lines, queries)
  const ids = new Set(wanted.map(({ lineId }) => lineId))
  return {
    lines: lines.filter(({ lineId }) => ids.has(lineId)),
    evidence: { lines, ruleBook: (version) => books.get(version) },
  }
}

async function lineOf(lineId: string, queries: Queries): Promise<LineJson[]> {
  for await (const line of queries.lines(lineId.slice(0, lineId.lastIndexOf('#')))) {
    if (line.lineId === lineId) return [line]
  }
  return []
}

/** The rest of the line's order; of a line without one, whatever takes back the same line. */
async function relatedTo(
  line: LineJson,
  wanted: readonly LineJson[],
  queries: Queries,
): Promise<LineJson[]> {
  const { orderId, partyId, originLineId } = line
  if (orderId !== undefined) {
    return wanted.length > 1 ? [] : await queries.linesOfOrder(orderId, partyId)
  }
  if (originLineId === undefined) return []
  const found: LineJson[] = []
  for await (const { entries } of queries.entries({ party: partyId })) {
    for (const other of entries.flatMap(({ lines }) => lines)) {
      if (other.lineId === originLineId || other.originLineId === originLineId) found.push(other)
    }
  }
  return found
}

async function booksOf(
  lines: readonly SettledLine[],
  queries: Queries,
): Promise<Map<number, RuleBook>> {
  const books = new Map<number, RuleBook>()
  for (const { ruleBookVersion } of lines) {
    if (ruleBookVersion === null || books.has(ruleBookVersion)) continue
    const ruleBook = await checkedBook(queries, ruleBookVersion)
    if (ruleBook !== undefined) books.set(ruleBookVersion, ruleBook)
  }
  return books
}

/** The files that a line is explained from. */
export interface CaseFiles {
  readonly lines: readonly string[]
  readonly rules: readonly string[]
}

/** The case of a line or an order in exported lines; FatalFault 6: there is none. */
export async function caseFromFiles(target: Target, files: CaseFiles): Promise<Case> {
  const books = new Map<number, RuleBook>()
  for (const path of files.rules) {
    const ruleBook = checkRuleBookFile(path, readRuleBookFile(path))
    books.set(ruleBook.version, ruleBook)
  }
  const wanted = await collect(files.lines, (line) => isWanted(line, target))
  refuseNothing(target, wanted.length, files.lines.join(', '))
  const orders = new Set(wanted.map(({ json }) => orderOf(json)).filter((order) => order !== ''))
  const origins = new Set(wanted.map(({ json }) => json.originLineId).filter(isText))
  const related = await collect(
    files.lines,
    (line) =>
      isWanted(line, target) ||
      orders.has(orderOf(line)) ||
      [line.lineId, line.originLineId].some((id) => isText(id) && origins.has(id)),
  )
  const lines = settledLines(related)
  return {
    lines: lines.filter(({ lineId, orderId, statementId }) =>
      isWanted({ lineId, orderId, partyId: statementId.split('/')[0] }, target),
    ),
    evidence: { lines, ruleBook: (version) => books.get(version) },
  }
}

async function collect(
  files: readonly string[],
  fits: (line: JsonObject) => boolean,
): Promise<Placed[]> {
  const found: Placed[] = []
  for (const file of files) {
    for await (const record of readExport(file)) if (fits(record.json)) found.push(record)
  }
  return found
}

function isWanted(line: JsonObject, { id, party }: Target): boolean {
  if (isLineId(id)) return line.lineId === id
  return line.orderId === id && (party === undefined || line.partyId === party)
}

function orderOf({ orderId, partyId }: JsonObject): string {
  return isText(orderId) ? `${String(partyId)}/${orderId}` : ''
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isLineId(id: string): boolean {
  return id.includes('#')
}

function placed(line: LineJson, place: string): Placed {
  return { json: line as unknown as JsonObject, place }
}

function refuseNothing({ id, party }: Target, count: number, where: string): void {
  if (count > 0) return
  const what = isLineId(id) ? 'line' : party === undefined ? 'line of an order' : `line of ${party}`
  throw new FatalFault(notFound, `${id}: there is no ${what} with that id in ${where}`)
}

/**
 * Each line once, as the domain has them; FatalFault 4 names the field of one that does not read.
 */
function settledLines(records: readonly Placed[]): SettledLine[] {
  const lines = new Map<string, SettledLine>()
  for (const { json, place } of records) {
    const read = readLine(json)
    if (isFault(read)) throw new FatalFault(faulty, `${place}: ${read.field} ${read.message}`)
    const { entry, line } = read
    const lineId = `${entry.statementId}#${line.seq}`
    const currency = entry.statementId.split('/')[3] ?? ''
    lines.set(lineId, { ...entry, ...line, lineId, currency })
  }
  return [...lines.values()]
}
