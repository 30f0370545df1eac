import { basename } from 'node:path'
import ts from 'typescript'
import {
  folderOf,
  importsOf,
  lineOf,
  longFunctions,
  nodesOf,
  packageOf,
  pathOf,
  type Source,
  type TextFile,
} from './sources.ts'

// What the compiler and Biome cannot hold. A rule lists its breaches, and stands with a source that
// breaks it, so that no rule can pass because it sees nothing.

export interface Rule<File = Source> {
  /** A sentence that is true of the code. */
  readonly name: string
  readonly breaches: (file: File) => string[]
  /** Path and text of a source with exactly one breach. */
  readonly broken: readonly [path: string, text: string]
}

/** Each folder may import those before it and itself. */
const domainOrder = [
  'money',
  'calendar',
  'rebates',
  'document',
  'parties',
  'rulebook',
  'statements',
  'ledger',
  'fees',
  'reversals',
  'billing',
  'guides',
  'explain',
]

/** Each ring may import these; the compiler holds it too, by project references. */
export const ringsBelow: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain'],
  fold: ['domain', 'fold'],
  ports: ['domain', 'fold', 'ports'],
  runtime: ['domain', 'fold', 'ports', 'runtime'],
  adapters: ['domain', 'fold', 'ports', 'adapters'],
}

/** The libraries of each adapter folder: one technology each, so hardly ever two. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  avro: [],
  'embedded-log': ['classic-level'],
  failpoints: [],
  generator: ['temporal-polyfill'],
  hashing: [],
  // Days of a zone become instants here, and rule books inside events become canonical.
  'json-lines': ['canonicalize', 'temporal-polyfill'],
  kafka: ['fzstd', 'kafkajs', 'snappyjs'],
  leveldb: ['classic-level'],
  'line-output': [],
  'memory-store': [],
  // The set's dates are London's local time.
  'online-retail': ['csv-parse', 'temporal-polyfill'],
  pino: ['pino'],
  prometheus: ['prom-client'],
  snapshots: [],
}

/** What keeps the log and the stores; the bench measures stores by themselves. */
const keepers = new Set(['embedded-log', 'failpoints', 'kafka', 'leveldb', 'memory-store'])

const nondeterministic = new Map([
  ['Date', 'time comes with the record'],
  ['Intl', 'a locale differs between machines'],
  ['Promise', 'the fold is synchronous'],
  ['localeCompare', 'a locale differs between machines'],
  ['parseFloat', 'money is never floating point'],
  ['toFixed', 'money is never floating point'],
  ['Math.random', 'chance comes with the record'],
  ['JSON.stringify', 'only the canonical encoding may be hashed or stored'],
])

/** The rules for TypeScript. */
export const codeRules: readonly Rule[] = [
  {
    name: 'a ring imports only rings further in, and no ring but the adapters knows a library',
    breaches: (source) => {
      const ring = folderOf(source.path, 1)
      const below = ringsBelow[ring]
      if (below === undefined) return []
      return breachesOfImports(source, (specifier, path) => {
        if (path !== undefined) return !below.includes(folderOf(path, 1))
        if (ring === 'adapters') return false
        return packageOf(specifier) !== undefined || ring !== 'runtime'
      })
    },
    broken: ['src/runtime/a.ts', "import { ClassicLevel } from 'classic-level'"],
  },
  {
    name: 'a folder of the domain imports only those before it in the order',
    breaches: (source) => {
      if (folderOf(source.path, 1) !== 'domain') return []
      const place = domainOrder.indexOf(folderOf(source.path, 2))
      if (place < 0) return [`${source.path}: its folder is not in the order`]
      return breachesOfImports(source, (_specifier, path) => {
        return path !== undefined && domainOrder.indexOf(folderOf(path, 2)) > place
      })
    },
    broken: ['src/domain/fees/a.ts', "import type { Order } from '../billing/order.ts'"],
  },
  {
    name: 'no adapter imports another adapter',
    breaches: (source) => {
      if (folderOf(source.path, 1) !== 'adapters') return []
      return breachesOfImports(source, (_specifier, path) => {
        if (path === undefined || folderOf(path, 1) !== 'adapters') return false
        return folderOf(path, 2) !== folderOf(source.path, 2)
      })
    },
    broken: ['src/adapters/avro/a.ts', "import { sha256 } from '../hashing/sha256.ts'"],
  },
  {
    name: 'an adapter folder uses the libraries listed for it',
    breaches: (source) => {
      if (folderOf(source.path, 1) !== 'adapters') return []
      const listed = libraries[folderOf(source.path, 2)]
      if (listed === undefined) return [`${source.path}: its folder has no list of libraries`]
      return breachesOfImports(source, (specifier) => {
        const name = packageOf(specifier)
        return name !== undefined && !listed.includes(name)
      })
    },
    broken: ['src/adapters/avro/a.ts', "import avro from 'avsc'"],
  },
  {
    name: 'what keeps the log and the stores is named by compose.ts, the bench and app/kafka alone',
    breaches: (source) => {
      if (folderOf(source.path, 1) !== 'app') return []
      if (basename(source.path) === 'compose.ts') return []
      if (['bench', 'kafka'].includes(folderOf(source.path, 2) ?? '')) return []
      return breachesOfImports(source, (_specifier, path) => {
        if (path === undefined || folderOf(path, 1) !== 'adapters') return false
        return keepers.has(folderOf(path, 2))
      })
    },
    broken: [
      'src/app/commands/a.ts',
      "import { openEmbeddedLog } from '../../adapters/embedded-log/embedded-log.ts'",
    ],
  },
  {
    name: 'only read-settings.ts reads the environment',
    breaches: (source) => {
      if (!isShipped(source) || source.path === 'src/app/read-settings.ts') return []
      return found(source, (node) => {
        if (ts.isPropertyAccessExpression(node)) return node.getText() === 'process.env'
        if (!ts.isVariableDeclaration(node) || node.initializer?.getText() !== 'process')
          return false
        return /\benv\b/.test(node.name.getText())
      })
    },
    broken: ['src/runtime/a.ts', 'const { env } = process'],
  },
  {
    name: 'only the adapters, the supervisor and the app catch',
    breaches: (source) => {
      const ring = folderOf(source.path, 1)
      if (!isShipped(source) || ring === 'adapters' || ring === 'app') return []
      if (source.path === 'src/runtime/supervisor.ts') return []
      return found(source, (node) => {
        if (ts.isCatchClause(node)) return true
        return ts.isPropertyAccessExpression(node) && node.name.text === 'catch'
      })
    },
    broken: ['src/runtime/a.ts', 'write().catch(() => undefined)'],
  },
  {
    name: 'the domain and the fold are deterministic and synchronous',
    breaches: (source) => {
      const ring = folderOf(source.path, 1)
      if (ring !== 'domain' && ring !== 'fold') return []
      return nodesOf(source, (node) => whyNondeterministic(node) !== undefined).map(
        (node) => `${source.path}:${lineOf(source, node)} ${whyNondeterministic(node)}`,
      )
    },
    broken: ['src/fold/a.ts', 'export const chance = () => Math.random()'],
  },
  {
    name: 'nothing is of the type that turns checking off',
    breaches: (source) => found(source, (node) => node.kind === ts.SyntaxKind.AnyKeyword),
    broken: ['src/app/a.ts', 'export const value: any = 1'],
  },
  {
    name: 'no file has a default export, but those that a tool asks for',
    breaches: (source) => {
      if (source.path === 'test/support/plain-reporter.ts') return []
      return found(source, (node) => {
        if (ts.isExportAssignment(node)) return true
        return node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent)
      })
    },
    broken: ['src/app/a.ts', 'export default function run(): void {}'],
  },
  {
    name: 'no file hands on what another exports',
    breaches: (source) =>
      found(source, (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined),
    broken: ['src/domain/money/a.ts', "export { money } from './money.ts'"],
  },
  {
    name: 'a file has at most 400 lines',
    breaches: ({ path, text }) => {
      const length = text.split('\n').length - 1
      return length > 400 ? [`${path} has ${length} lines`] : []
    },
    broken: ['src/app/a.ts', '// A line.\n'.repeat(401)],
  },
  {
    name: 'a line of the source has at most 100 columns',
    // Pages are made with a paragraph a line, as they are written by hand.
    breaches: (source) =>
      isShipped(source) && source.path !== 'src/app/run/write-docs.ts'
        ? breachesOfLines(source, (line) => line.length > 100)
        : [],
    broken: ['src/app/a.ts', `// ${'a'.repeat(98)}`],
  },
  {
    name: 'a function of the source has at most 60 lines',
    breaches: (source) => (isShipped(source) ? longFunctions(source, 60) : []),
    broken: ['src/app/a.ts', `export function run(): void {\n${'  step()\n'.repeat(59)}}\n`],
  },
]

function breachesOfImports(
  source: Source,
  isBreach: (specifier: string, path: string | undefined) => boolean,
): string[] {
  return importsOf(source)
    .filter(({ specifier }) => isBreach(specifier, pathOf(source, specifier)))
    .map(({ specifier, line }) => `${source.path}:${line} imports ${specifier}`)
}

function found(source: Source, isBreach: (node: ts.Node) => boolean): string[] {
  return nodesOf(source, isBreach).map(
    (node) => `${source.path}:${lineOf(source, node)} ${node.getText().split('\n')[0]}`,
  )
}

function whyNondeterministic(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'the fold is synchronous'
  if (ts.isAwaitExpression(node)) return 'the fold is synchronous'
  if (ts.isPropertyAccessExpression(node)) return nondeterministic.get(node.getText())
  if (!ts.isIdentifier(node)) return undefined
  if (node.text.startsWith('toLocale')) return 'a locale differs between machines'
  return nondeterministic.get(node.text)
}

function isShipped({ path }: TextFile): boolean {
  return path.startsWith('src/')
}

/** The lines of a file that break a rule. */
export function breachesOfLines(
  { path, text }: TextFile,
  isBreach: (line: string) => boolean,
): string[] {
  return text.split('\n').flatMap((line, at) => {
    return isBreach(line) ? [`${path}:${at + 1} ${line.trim().slice(0, 80)}`] : []
  })
}
