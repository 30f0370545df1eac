import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import type { StatementEntries } from '../queries/queries.ts'
import type { Break, Placed } from './breaks.ts'
import { checkChains } from './check-chains.ts'
import { checkStatement } from './check-statement.ts'
import type { EncodeEntry } from './entry-schemas.ts'
import { isStatementFault, type ReadStatement, readStatement } from './read-statement.ts'
import type { StatementSeal } from './seals.ts'

/** What verifying found. */
export interface VerifyReport {
  readonly statements: number
  /** Those with a root. */
  readonly closed: number
  readonly lines: number
  /** At most one a statement, by statement id. */
  readonly breaks: readonly Break[]
  /** What could not be checked. */
  readonly notes: readonly string[]
}

/**
 * Gathers an export and checks it: a statement, and seals and log where there are some, before its
 * lines, which are held for one statement at a time.
 */
export class Verification {
  private readonly statements = new Map<string, ReadStatement>()
  private readonly breaks = new Map<string, Break>()
  private readonly checked = new Set<string>()
  /** In files but unreadable: their lines are not strangers. */
  private readonly unreadable = new Set<string>()
  private readonly schemas: (name: string) => EncodeEntry | undefined
  private seals: ReadonlyMap<string, StatementSeal> | undefined
  private log: ReadonlyMap<string, StatementEntries> | undefined
  private current: { readonly statementId: string; readonly lines: Placed[] } | undefined
  private lines = 0

  constructor(schemas: (name: string) => EncodeEntry | undefined) {
    this.schemas = schemas
  }

  /** A statement; to be called before its first line. */
  add(json: JsonObject, place: string): void {
    const read = readStatement(json)
    if (isStatementFault(read)) {
      const statementId = typeof json.statementId === 'string' ? json.statementId : place
      this.unreadable.add(statementId)
      const message = `${place}: ${read.field} ${read.message}`
      this.found({ statementId, check: 'field', message })
    } else if (this.statements.has(read.statementId)) {
      const message = `${place}: the statement stands a second time`
      this.found({ statementId: read.statementId, check: 'order', message })
    } else {
      this.statements.set(read.statementId, read)
    }
  }

  ids(): string[] {
    return [...this.statements.keys()]
  }

  useSeals(seals: ReadonlyMap<string, StatementSeal>): void {
    this.seals = seals
    for (const statementId of seals.keys()) {
      if (this.statements.has(statementId) || this.unreadable.has(statementId)) continue
      this.found({
        statementId,
        check: 'missing',
        message: 'there are seals of it, but no statement',
      })
    }
  }

  useLog(log: ReadonlyMap<string, StatementEntries>): void {
    this.log = log
    for (const statementId of this.statements.keys()) {
      if (log.has(statementId)) continue
      this.found({ statementId, check: 'missing', message: 'the state has no such statement' })
    }
  }

  /** A line; those of one statement stand together. */
  addLine(placed: Placed): void {
    this.lines += 1
    const { statementId: id, entryNo } = placed.json
    const statementId = typeof id === 'string' ? id : '(no statementId)'
    if (statementId === this.current?.statementId) {
      this.current.lines.push(placed)
    } else if (this.checked.has(statementId)) {
      const message = `${placed.place}: the line stands apart from the others of its statement`
      this.found({ statementId, entryNo: asNumber(entryNo), check: 'order', message })
    } else {
      this.checkCurrent()
      this.checked.add(statementId)
      this.current = { statementId, lines: [placed] }
    }
  }

  /** Keeps a break, unless the statement has one already. */
  found(found: Break): void {
    if (!this.breaks.has(found.statementId)) this.breaks.set(found.statementId, found)
  }

  /** Checks what is left; without lines only the statements are held against each other. */
  finish(hasLines: boolean): VerifyReport {
    this.checkCurrent()
    const notes: string[] = []
    if (hasLines) this.checkEmpty()
    else notes.push('no file holds lines: totals and roots were not computed')
    const { breaks, begun } = checkChains(this.statements.values())
    for (const found of breaks) this.found(found)
    for (const key of begun) notes.push(`${key}: the first statement here is not its number 1`)
    const closed = [...this.statements.values()].filter(({ number }) => number > 0).length
    if (hasLines && closed < this.statements.size) {
      notes.push(`${this.statements.size - closed} statements are open and have no root yet`)
    }
    return {
      statements: this.statements.size + this.unreadable.size,
      closed,
      lines: this.lines,
      breaks: [...this.breaks.values()].sort((a, b) => (a.statementId < b.statementId ? -1 : 1)),
      notes,
    }
  }

  private checkCurrent(): void {
    const { current } = this
    this.current = undefined
    if (current === undefined) return
    const { statementId, lines } = current
    const statement = this.statements.get(statementId)
    if (statement !== undefined) this.check(statement, lines)
    else if (!this.unreadable.has(statementId)) {
      const message = `${lines[0]?.place}: there are lines of it, but no statement`
      const entryNo = asNumber(lines[0]?.json.entryNo)
      this.found({ statementId, entryNo, check: 'missing', message })
    }
  }

  /** Statements without a line of their own. */
  private checkEmpty(): void {
    for (const [statementId, statement] of this.statements) {
      if (!this.checked.has(statementId)) this.check(statement, [])
    }
  }

  private check(statement: ReadStatement, lines: readonly Placed[]): void {
    const { statementId } = statement
    const noSeal = this.seals === undefined ? undefined : { leaves: [], head: undefined }
    const seal = this.seals?.get(statementId) ?? noSeal
    const log = this.log?.get(statementId)
    const found = checkStatement({ statement, lines, seal, log, schemas: this.schemas })
    if (found !== undefined) this.found(found)
  }
}

function asNumber(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined
}
