import { basename, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rejectionCodes } from '../../../src/fold/outcome.ts'
import { failpoints, haltReasons } from '../../../src/ports/faults.ts'
import { exists, pathsIn, readFiles, type TextFile } from '../../support/sources.ts'

const documents = readFiles(
  [...pathsIn(''), ...pathsIn('docs'), ...pathsIn('src')].filter((path) => path.endsWith('.md')),
)

function document(path: string): string {
  const found = documents.find((file) => file.path === path)
  if (found === undefined) throw new Error(`${path} is missing`)
  return found.text
}

/** The text without its blocks of code, in which nothing is a link. */
function prose(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '')
}

/** First cells of all rows of tables, without their marks. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| *`?([^|`]+?)`? *\|/gm)].map(([, cell]) => cell as string)
}

describe('links', () => {
  test('every link leads to a file, and every anchor to a heading of it', () => {
    expect(documents.flatMap(brokenLinks)).toEqual([])
  })

  test('a broken link and a broken anchor are found', () => {
    const text = '# One\n[a](no.md) [b](#two) [c](#one)\n'
    expect(brokenLinks({ path: 'docs/a.md', text })).toEqual([
      'docs/a.md leads to no.md',
      'docs/a.md leads to #two',
    ])
  })

  test('every path of the project that a document names is there', () => {
    expect(documents.flatMap(missingPaths)).toEqual([])
  })

  test('a path that is not there is found', () => {
    const text = 'See `src/nowhere.ts`, `src/fold/`, `src/fold/create-fold.ts` and `src/*.ts`.'
    expect(missingPaths({ path: 'a.md', text })).toEqual(['a.md names src/nowhere.ts'])
  })

  function brokenLinks({ path, text }: TextFile): string[] {
    return [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target as string)
      .filter((target) => !/^https?:/.test(target) && !leadsSomewhere(path, text, target))
      .map((target) => `${path} leads to ${target}`)
  }

  function leadsSomewhere(path: string, text: string, target: string): boolean {
    const [file = '', anchor] = target.split('#')
    const to = file === '' ? path : posix.join(posix.dirname(path), file)
    if (file !== '' && !exists(to)) return false
    if (anchor === undefined) return true
    return anchorsOf(file === '' ? text : document(to)).includes(anchor)
  }

  function anchorsOf(text: string): string[] {
    return [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    )
  }

  function missingPaths({ path, text }: TextFile): string[] {
    return [...prose(text).matchAll(/`((?:src|test|schemas|docs|bench)\/[\w./-]*)`/g)]
      .map(([, named]) => named as string)
      .filter((named) => !exists(named))
      .map((named) => `${path} names ${named}`)
  }
})

describe('the README', () => {
  test('has at most 150 lines', () => {
    expect(document('README.md').split('\n').length - 1).toBeLessThanOrEqual(150)
  })

  test('leads to every folder of the domain that has a README', () => {
    const readmes = documents.filter(({ path }) => path.startsWith('src/domain/'))
    expect(readmes.length).toBeGreaterThan(5)
    const text = document('README.md')
    expect(readmes.map(({ path }) => path).filter((path) => !text.includes(`(${path})`))).toEqual(
      [],
    )
  })
})

describe('the READMEs of the domain', () => {
  const folders = new Map<string, number>()
  for (const path of pathsIn('src/domain')) {
    const folder = posix.dirname(path)
    if (path.endsWith('.ts')) folders.set(folder, (folders.get(folder) ?? 0) + 1)
  }
  const large = [...folders].filter(([, files]) => files > 2).map(([folder]) => folder)

  test.each(large)('%s says what it owns, what not, its invariants and its times', (folder) => {
    const text = document(`${folder}/README.md`)
    const heads = ['**Owns**', '**Does not own**', '**Invariants**', '**Times**']
    expect(heads.filter((head) => !text.includes(head))).toEqual([])
    expect(text).toMatch(/^1\. /m)
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(40)
  })
})

describe('docs/errors.md', () => {
  const cells = firstCells(document('docs/errors.md'))
  const faults = ['TransientFault', 'OwnershipLost', 'CorruptState', 'Halted', 'FatalFault']
  const exitCodes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '130']

  test.each([
    ['rejection codes', rejectionCodes],
    ['halt reasons', haltReasons],
    ['faults', faults],
    ['exit codes', exitCodes],
  ])('lists all %s, each once', (_what, codes) => {
    expect(codes.map((code) => cells.filter((cell) => cell === code).length)).toEqual(
      codes.map(() => 1),
    )
  })

  test('explains no rejection code or halt reason that is none', () => {
    const known: readonly string[] = [...rejectionCodes, ...haltReasons]
    const coded = cells.filter((cell) => /^[A-Z]+(_[A-Z]+)+$/.test(cell))
    expect(coded.filter((code) => !known.includes(code))).toEqual([])
  })
})

test('docs/commit-protocol.md says of every failpoint what a crash there leaves', () => {
  const cells = firstCells(document('docs/commit-protocol.md'))
  expect(failpoints.filter((name) => !cells.includes(name))).toEqual([])
})

describe('docs/features.md', () => {
  const text = document('docs/features.md')

  test('has one row for every feature', () => {
    const numbers = firstCells(text).filter((cell) => /^F\d\d$/.test(cell))
    expect(numbers).toEqual(Array.from({ length: 73 }, (_, at) => `F${pad(at + 1)}`))
  })

  test('leads to every test of a feature', () => {
    const tests = exists('test/unit/features') ? pathsIn('test/unit/features') : []
    const named = tests.filter((path) => path.endsWith('.test.ts'))
    expect(named.filter((path) => !text.includes(`(../${path})`))).toEqual([])
  })

  function pad(number: number): string {
    return String(number).padStart(2, '0')
  }
})

describe('docs/decisions', () => {
  const decisions = documents.filter(({ path }) => path.startsWith('docs/decisions/'))

  test('are numbered without gaps and say context, decision and consequences', () => {
    expect(decisions.length).toBeGreaterThan(10)
    decisions.forEach(({ path, text }, at) => {
      expect(basename(path).slice(0, 5)).toBe(`${String(at + 1).padStart(4, '0')}-`)
      expect([...text.matchAll(/^## (.*)$/gm)].map(([, head]) => head)).toEqual([
        'Context',
        'Decision',
        'Consequences',
      ])
    })
  })

  test('fit a page each', () => {
    const long = decisions.filter(({ text }) => text.split('\n').length > 60)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test('give the reason for every dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(readFiles(['package.json'])[0]?.text ?? '')
    const reasons = firstCells(document('docs/decisions/0012-dependencies.md'))
    const names = Object.keys({ ...dependencies, ...devDependencies })
    expect(names.filter((name) => !reasons.includes(name))).toEqual([])
  })
})

test('every sample of JSON in a document can be read', () => {
  const samples = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json]) => ({ path, json })),
  )
  expect(samples.length).toBeGreaterThan(4)
  for (const { path, json } of samples) {
    expect(() => JSON.parse(json ?? ''), path).not.toThrow()
  }
})
