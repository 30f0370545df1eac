import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import ts from 'typescript'

/** The folder that everything here is relative to. */
const repository = resolve(import.meta.dirname, '../..')

/** A file of the project; paths are relative to the repository, with `/`. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** A file of TypeScript, parsed. */
export interface Source extends TextFile {
  readonly ast: ts.SourceFile
}

/** What a file imports, types and `import()` included. */
export interface Import {
  readonly specifier: string
  readonly line: number
}

const ignored = new Set(['node_modules', 'dist', '.git', '.cache', 'settle-demo'])
const binary = /\.(gz|png|ico)$/

/** Paths of all files under a folder or, with '', right in the repository's root. */
export function pathsIn(folder: string): string[] {
  const found: string[] = []
  for (const entry of readdirSync(join(repository, folder), { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue
    const path = posix.join(folder, entry.name)
    if (entry.isFile()) found.push(path)
    else if (folder !== '' && entry.isDirectory()) found.push(...pathsIn(path))
  }
  return found.sort()
}

/** Reads the files of the project that hold text. */
export function readFiles(paths: readonly string[]): TextFile[] {
  return paths
    .filter((path) => !binary.test(path))
    .map((path) => ({ path, text: readFileSync(join(repository, path), 'utf8') }))
}

/** Parses the TypeScript of these folders. */
export function readSources(...folders: readonly string[]): Source[] {
  const paths = folders.filter(exists).flatMap(pathsIn)
  return readFiles(paths.filter((path) => path.endsWith('.ts'))).map(({ path, text }) =>
    parseSource(path, text),
  )
}

/** Whether the project has a file or folder of this path. */
export function exists(path: string): boolean {
  return existsSync(join(repository, path))
}

/** A source from memory: what a rule is tried on. */
export function parseSource(path: string, text: string): Source {
  return { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) }
}

/** Line of a node, from 1. */
export function lineOf({ ast }: Source, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1
}

/** All nodes for which `wanted` holds. */
export function nodesOf(source: Source, wanted: (node: ts.Node) => boolean): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (wanted(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source.ast)
  return found
}

/** Everything that the source imports or re-exports. */
export function importsOf(source: Source): Import[] {
  return nodesOf(source, ts.isStringLiteral)
    .filter(({ parent }) => isImporting(parent))
    .map((node) => ({
      specifier: (node as ts.StringLiteral).text,
      line: lineOf(source, node),
    }))
}

function isImporting(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true
  if (ts.isLiteralTypeNode(node)) return ts.isImportTypeNode(node.parent)
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
}

/** The path that a relative specifier means; undefined for a package. */
export function pathOf({ path }: TextFile, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
}

/** The package of a specifier: `@scope/name` or `name`; undefined for paths and Node's own. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}

/** The folder's name at a place of the path: `folderOf('src/domain/fees/a.ts', 2)` is `fees`. */
export function folderOf(path: string, place: number): string {
  const folders = path.split('/').slice(0, -1)
  return folders[place] ?? ''
}

/** Functions that are longer than `most` lines, from their first word to their end. */
export function longFunctions(source: Source, most: number): string[] {
  return nodesOf(source, ts.isFunctionLike).flatMap((node) => {
    const end = source.ast.getLineAndCharacterOfPosition(node.getEnd()).line + 1
    const length = end - lineOf(source, node) + 1
    return length > most ? [`${source.path}:${lineOf(source, node)} has ${length} lines`] : []
  })
}
