import { basename } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { codeRules, ringsBelow } from './support/code-rules.ts'
import {
  exists,
  folderOf,
  importsOf,
  nodesOf,
  packageOf,
  parseSource,
  pathsIn,
  readFiles,
  readSources,
  type Source,
} from './support/sources.ts'
import { textRules } from './support/text-rules.ts'

const folders = ['src', 'test', 'bench', 'schemas', 'docs', '.ci']
const files = readFiles([...pathsIn(''), ...folders.filter(exists).flatMap(pathsIn)])

describe.each(textRules.map(named))('%s', (_name, { breaches, broken: [path, text] }) => {
  test('and so it is everywhere', () => {
    expect(files.filter(({ path }) => path !== 'package-lock.json').flatMap(breaches)).toEqual([])
  })

  test('and a breach of it is found', () => {
    expect(breaches({ path, text })).toHaveLength(1)
  })
})

const sources = readSources('src', 'test', 'bench')

describe.each(codeRules.map(named))('%s', (_name, { breaches, broken }) => {
  test('and so it is everywhere', () => {
    expect(sources.flatMap(breaches)).toEqual([])
  })

  test('and a breach of it is found', () => {
    expect(breaches(parseSource(...broken))).toHaveLength(1)
  })
})

test('the sources were found', () => {
  const rings = new Set(sources.map(({ path }) => folderOf(path, 1)))
  expect([...rings]).toEqual(expect.arrayContaining([...Object.keys(ringsBelow), 'app', 'unit']))
})

describe('every file of a kind has its line in the registry and its test', () => {
  const kinds = [
    ['fees', ['formula.ts', 'price.ts', 'registry.ts']],
    ['reversals', ['policy.ts', 'registry.ts']],
  ] as const

  test.each(kinds)('src/domain/%s', (folder, others) => {
    const files = pathsIn(`src/domain/${folder}`)
      .filter((path) => path.endsWith('.ts'))
      .map((path) => basename(path))
      .filter((name) => !others.some((other) => other === name))
    const list = readFiles([`src/domain/${folder}/registry.ts`])[0]?.text ?? ''
    const unlisted = files.filter((name) => !list.includes(`'./${name}'`))
    const untested = files.filter((name) => !exists(testOf(folder, name)))

    expect(files).not.toHaveLength(0)
    expect({ unlisted, untested }).toEqual({ unlisted: [], untested: [] })
  })

  function testOf(folder: string, name: string): string {
    return `test/unit/domain/${folder}/${basename(name, '.ts')}.test.ts`
  }
})

test('every type of event has a schema and a case in the fold', () => {
  const events = sources.find(({ path }) => path === 'src/fold/events.ts') as Source
  const fold = readFiles(['src/fold/create-fold.ts'])[0]?.text ?? ''
  const types = typeNamesOf(events)

  expect(types).toEqual(expect.arrayContaining(['OrderPlaced', 'Tick', 'BehaviourActivated']))
  expect(types.filter((type) => !exists(`schemas/${type}.avsc`))).toEqual([])
  expect(types.filter((type) => !fold.includes(`'${type}'`))).toEqual([])
})

test('types of events are read from unions too', () => {
  const source = parseSource('a.ts', "interface A { readonly type: 'B' | 'C' }")
  expect(typeNamesOf(source)).toEqual(['B', 'C'])
})

/** The literals of all fields called `type`. */
function typeNamesOf(source: Source): string[] {
  const fields = nodesOf(
    source,
    (node) => ts.isPropertySignature(node) && node.name.getText() === 'type',
  ) as ts.PropertySignature[]
  return fields.flatMap(({ type }) => {
    const options = type !== undefined && ts.isUnionTypeNode(type) ? type.types : [type]
    return options.map((option) => option?.getText().slice(1, -1) ?? '')
  })
}

test('every import of a package is of one that package.json names, and no other is named', () => {
  const { dependencies, devDependencies } = packageJson()
  const used = (folder: string, ...more: readonly string[]): Set<string> =>
    new Set([
      ...more,
      ...sources
        .filter(({ path }) => path.startsWith(folder))
        .flatMap(importsOf)
        .flatMap(({ specifier }) => packageOf(specifier) ?? []),
    ])
  // The typed commander loads the plain one, which it leaves to us to install.
  expect([...used('src/', 'commander')].sort()).toEqual(Object.keys(dependencies).sort())
  const named = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])
  expect([...used('test/')].filter((name) => !named.has(name))).toEqual([])
})

test('versions of dependencies are exact, and the lock file names no registry', () => {
  const { dependencies, devDependencies } = packageJson()
  const lock = readFiles(['package-lock.json'])[0]?.text ?? ''

  expect(inexact({ ...dependencies, ...devDependencies })).toEqual([])
  expect(lock).not.toContain('"resolved"')
  expect(lock).toContain('"integrity"')
})

test('a version that is not exact is found', () => {
  expect(inexact({ a: '1.0.0', b: '^1.0.0', c: '1.x' })).toEqual(['b', 'c'])
})

function inexact(versions: Readonly<Record<string, string>>): string[] {
  return Object.keys(versions).filter((name) => !/^\d+\.\d+\.\d+$/.test(versions[name] ?? ''))
}

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

function packageJson(): PackageJson {
  return JSON.parse(readFiles(['package.json'])[0]?.text ?? '')
}

function named<Named extends { readonly name: string }>(rule: Named): [string, Named] {
  return [rule.name, rule]
}
