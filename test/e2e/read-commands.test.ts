import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processArguments, settle, settleWell } from '../support/settle-process.ts'

// The commands that read a state, as they are typed.

type Json = Record<string, unknown>

let folder = ''
let state = ''
let rules = ''
let lines: Json[] = []
let statements: Json[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'settle-reading-'))
  state = join(folder, 'state')
  rules = join(folder, 'rulebook.json')
  const events = join(folder, 'events.jsonl')
  const size = ['--seed', '3', '--events', '1500', '--merchants', '8']
  await settleWell(['gen', ...size, '--rules', rules, '-o', events])
  await settleWell(processArguments({ rules, events, out: at('out'), state, partitions: 2 }))
  lines = records('out/lines.jsonl')
  statements = records('out/statements.jsonl')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function at(name: string): string {
  return join(folder, name)
}

function records(name: string): Json[] {
  return parsed(readFileSync(at(name), 'utf8'))
}

function parsed(text: string): Json[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json)
}

async function read(...args: string[]): Promise<string> {
  return (await settleWell([...args, '--state', state])).stdout
}

describe('statements list', () => {
  test('prints JSON Lines as process wrote them', async () => {
    expect(parsed(await read('statements', 'list', '-o', 'jsonl'))).toEqual(statements)
  })

  test('prints a table of one party', async () => {
    const table = await read('statements', 'list', '--party', 'M-0003')
    const rows = table.split('\n').filter((row) => row.includes('M-0003/'))
    expect(rows).toHaveLength(statements.filter(({ partyId }) => partyId === 'M-0003').length)
    expect(table).not.toContain('M-0002/')
  })

  test('prints JSON and CSV', async () => {
    expect(JSON.parse(await read('statements', 'list', '-o', 'json'))).toEqual(statements)
    const csv = await read('statements', 'list', '-o', 'csv', '--period', '2026-06-01')
    expect(csv).toMatch(/^statementId,number,partyId,/)
  })
})

describe('statements show', () => {
  test('prints the picture and the lines', async () => {
    const id = String(statements[0]?.statementId)
    const shown = await read('statements', 'show', id)
    expect(shown).toContain(`STATEMENT ${id} no. 1`)
    expect(shown.split('\n').length).toBeGreaterThan(Number(statements[0]?.lineCount))
    const short = await read('statements', 'show', id, '--no-lines')
    expect(shown.startsWith(short.trimEnd())).toBe(true)
    const json = JSON.parse(await read('statements', 'show', id, '-o', 'json'))
    expect(json.lines).toEqual(lines.filter(({ statementId }) => statementId === id))
  })

  test('does not find what is not there', async () => {
    const ended = await settle(['statements', 'show', 'M-1/none', '--state', state])
    expect(ended).toMatchObject({ exitCode: 6, stdout: '' })
    expect(ended.stderr).toContain('M-1/none: there is no such statement')
  })
})

describe('statements export and verify', () => {
  test('what is exported on standard output is the lines, and nothing else', async () => {
    expect(parsed(await read('statements', 'export', '--all', '--out', '-'))).toEqual(lines)
  })

  test('CSV verifies from the files alone, compressed or not', async () => {
    const files = ['lines.csv.gz', 'statements.csv', 'seals.csv'].map(at) as [
      string,
      string,
      string,
    ]
    const [out, heads, seals] = files
    await read('statements', 'export', '--out', out, '--statements', heads, '--seals', seals)
    const { stdout } = await settleWell(['statements', 'verify', ...files])
    expect(stdout).toMatch(/statements, .* lines: everything that was checked comes out\n$/)
  })

  test('a touched line is found with exit code 4, and named where the seals are given', async () => {
    const files = ['l.jsonl', 's.jsonl', 'seals.jsonl'].map(at) as [string, string, string]
    const [out, heads, seals] = files
    await read('statements', 'export', '--out', out, '--statements', heads, '--seals', seals)
    const place = lines.findIndex(({ sku }) => sku !== undefined)
    const line = lines[place] as Json
    const touched = lines.with(place, { ...line, sku: 'S-OTHER' })
    writeFileSync(out, touched.map((each) => JSON.stringify(each)).join('\n'))
    const alone = await settle(['statements', 'verify', out, heads])
    expect(alone.exitCode).toBe(4)
    expect(alone.stdout).toContain(`${line.statementId}: root: `)
    const sealed = await settle(['statements', 'verify', ...files, '-o', 'json'])
    expect(sealed.exitCode).toBe(4)
    const { statementId, entryNo } = line
    expect(JSON.parse(sealed.stdout).breaks).toMatchObject([{ statementId, entryNo }])
  })

  test('a whole state verifies', async () => {
    expect(await read('statements', 'verify')).toContain('everything that was checked comes out')
  })

  test('nothing to verify is wrong usage', async () => {
    expect(await settle(['statements', 'verify'])).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe('explain', () => {
  test('explains a line and an order from the state', async () => {
    const reverse = lines.find(
      ({ leg, ruleId }) => leg === 'REVERSE' && ruleId !== undefined,
    ) as Json
    const told = await read('explain', String(reverse.lineId))
    expect(told).toContain(`takes back of ${reverse.originLineId}`)
    expect(told).toContain(`= ${reverse.amount}: comes out`)
    const order = await read('explain', String(reverse.orderId), '-o', 'json')
    const own = lines.filter(({ orderId }) => orderId === reverse.orderId)
    expect(JSON.parse(order)).toHaveLength(own.length)
  })

  test('finds the altered basis of an exported line', async () => {
    const place = lines.findIndex(
      ({ feeType, leg }) => feeType === 'COMMISSION' && leg === 'FORWARD',
    )
    const line = lines[place] as Json
    const basis = { ...(line.basis as Json), base: '9999.99' }
    const own = lines
      .with(place, { ...line, basis })
      .filter(({ orderId }) => orderId === line.orderId)
    writeFileSync(at('altered.jsonl'), own.map((each) => JSON.stringify(each)).join('\n'))
    const from = ['--lines', at('altered.jsonl'), '--rules', rules]
    const ended = await settle(['explain', String(line.lineId), ...from])
    expect(ended.exitCode).toBe(4)
    expect(ended.stdout).toContain('DOES NOT COME OUT: base')
    writeFileSync(at('sound.jsonl'), lines.map((each) => JSON.stringify(each)).join('\n'))
    const sound = ['--lines', at('sound.jsonl'), '--rules', rules]
    await settleWell(['explain', String(line.lineId), ...sound])
  })

  test('does not find what is not there', async () => {
    for (const id of ['O-NONE', `${statements[0]?.statementId}#999999`]) {
      expect(await settle(['explain', id, '--state', state])).toMatchObject({ exitCode: 6 })
    }
  })
})

describe('rejections', () => {
  test('are listed and shown with what to do', async () => {
    const rejections = records('out/rejections.jsonl')
    expect(parsed(await read('rejections', 'list', '-o', 'jsonl'))).toEqual(rejections)
    const shown = await read('rejections', 'show', String(rejections[0]?.eventId))
    expect(shown).toContain(`code      ${rejections[0]?.code}`)
    expect(shown).toMatch(/to do {5}\S/)
  })

  test('of an event that was accepted are not found', async () => {
    const ended = await settle(['rejections', 'show', 'E-NONE', '--state', state])
    expect(ended).toMatchObject({ exitCode: 6, stdout: '' })
  })
})

test('a folder that is no state is not found', async () => {
  const ended = await settle(['statements', 'list', '--state', at('out')])
  expect(ended).toMatchObject({ exitCode: 6, stdout: '' })
  expect(ended.stderr).toContain('holds no settlement')
})

describe('statements prove and check-proof', () => {
  const closed = () => statements.find(({ root }) => root !== undefined) as Json
  const prove = (entry: number, out: string) =>
    settle(
      ['statements', 'prove', String(closed().statementId), String(entry)].concat([
        '--state',
        state,
        '--out',
        out,
      ]),
    )

  test('F57: one entry is proven by its file alone, and by a root from elsewhere', async () => {
    const { entryCount, root, statementId } = closed()
    const proof = at('proof.json')
    expect(await prove(Number(entryCount), proof)).toMatchObject({ exitCode: 0 })
    const { stdout } = await settleWell(['statements', 'check-proof', proof])
    expect(stdout).toContain(`of ${statementId}`)
    await settleWell(['statements', 'check-proof', proof, '--root', String(root)])
    const other = await settle(['statements', 'check-proof', proof, '--root', '00'])
    expect(other).toMatchObject({ exitCode: 4 })
  })

  test('a touched amount, a file that is none, and an entry that is not there are told', async () => {
    const proof = at('touched.json')
    expect(await prove(1, proof)).toMatchObject({ exitCode: 0 })
    const json = JSON.parse(readFileSync(proof, 'utf8')) as { lines: Json[] }
    const [line] = json.lines as [Json]
    line.occurredAt = '2020-01-01T00:00:00.000Z'
    writeFileSync(proof, JSON.stringify(json))
    const touched = await settle(['statements', 'check-proof', proof])
    expect(touched).toMatchObject({ exitCode: 4 })
    expect(touched.stdout).toContain('hashes to root')
    const none = await settle(['statements', 'check-proof', rules])
    expect(none).toMatchObject({ exitCode: 4 })
    expect(none.stderr).toContain('statementId is missing')
    expect(await settle(['statements', 'check-proof', at('nowhere')])).toMatchObject({
      exitCode: 6,
    })
    expect(await prove(99_999, proof)).toMatchObject({ exitCode: 6 })
  })
})

describe('ledger', () => {
  test('balances of every currency sum to zero', async () => {
    const rows = parsed(await read('ledger', 'balances', '-o', 'jsonl'))
    expect(rows.length).toBeGreaterThan(10)
    const cents = rows.map(({ balance }) => Math.round(Number(balance) * 100))
    expect(cents.reduce((sum, each) => sum + each, 0)).toBe(0)
    expect(await read('ledger', 'balances')).toContain('sum of all balances in CNY: 0.00')
  })

  test('postings of one statement are of its party only, and CSV has their columns', async () => {
    const id = String((statements[0] as Json).statementId)
    const csv = await read('ledger', 'postings', '--statement', id, '-o', 'csv')
    const [head, ...rows] = csv.trim().split('\n')
    expect(head).toBe('at,kind,ref,partyId,entity,currency,account,debit,credit')
    expect(rows.every((row) => row.includes(id))).toBe(true)
    expect(rows.length).toBeGreaterThan(3)
  })
})
