import { readFileSync } from 'node:fs'
import { didYouMean } from '../adapters/json-lines/suggest.ts'
import { FatalFault } from '../ports/faults.ts'
import { allSettings, type Setting, type SettingName, type Settings, settings } from './settings.ts'

/** What the environment says; nothing else of the program reads it. */
export interface Environment {
  /** Where a crash test ends the process. */
  readonly failpoint: string | undefined
  /** Whether people watch: a terminal, and nobody asked for quiet. */
  readonly isWatched: boolean
  /** Variables of this program, by name. */
  readonly settings: Readonly<Record<string, string>>
}

export function readEnvironment(): Environment {
  const { env, stderr } = process
  const quiet = env.CI !== undefined || env.TERM === 'dumb' || env.NO_COLOR !== undefined
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('SETTLE_') && value !== undefined && value !== '') own[name] = value
  }
  return {
    failpoint: env.SETTLE_FAILPOINT,
    isWatched: stderr.isTTY === true && !quiet,
    settings: own,
  }
}

/** Flags as commander gives them, by the names of the settings; `config` names a file. */
export type Flags = { readonly [Name in SettingName | 'config']?: string | undefined }

const [wrongUsage, invalid, notFound] = [2, 3, 6]
const configVariable = 'SETTLE_CONFIG'
/** Variables that are no settings of `run`. */
const otherVariables = [configVariable, 'SETTLE_FAILPOINT']

interface Problem {
  readonly from: 'flag' | 'variable' | 'file' | 'nowhere'
  readonly text: string
}

/** A value with the place that it comes from, as an error names it. */
interface Given {
  readonly from: Problem['from']
  readonly place: string
  readonly value: unknown
}

/**
 * Flags win over the environment, which wins over the file, which wins over the defaults.
 * FatalFault with every problem, a line each: 2 when all are about flags, else 3.
 */
export function readSettings(
  flags: Flags,
  environment: Readonly<Record<string, string>>,
  readFile: (path: string) => string = readText,
): Settings {
  const problems: Problem[] = unknownVariables(environment)
  const file = readConfig(flags.config ?? environment[configVariable], readFile, problems)
  const found: Partial<Record<SettingName, string | number>> = {}
  for (const [name, setting] of allSettings()) {
    const given = givenFor(name, setting, { flags, environment, file })
    const value = given === undefined ? setting.default : checked(given, setting, problems)
    if (value !== undefined) found[name] = value
    else if (given === undefined && setting.required) problems.push(missing(name, setting))
  }
  if (problems.length === 0) return found as unknown as Settings
  const all = problems.map(({ text }) => text).join('\n')
  const isUsage = problems.every(({ from }) => from === 'flag' || from === 'nowhere')
  throw new FatalFault(isUsage ? wrongUsage : invalid, all)
}

interface Config {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

function givenFor(
  name: SettingName,
  { flag, variable }: Setting,
  { flags, environment, file }: { flags: Flags; environment: object; file: Config | undefined },
): Given | undefined {
  const flagged = flags[name]
  if (flagged !== undefined) return { from: 'flag', place: flag, value: flagged }
  const set = (environment as Readonly<Record<string, string>>)[variable]
  if (set !== undefined) return { from: 'variable', place: variable, value: set }
  if (file === undefined || !Object.hasOwn(file.values, name)) return undefined
  return { from: 'file', place: `${file.path}: ${name}`, value: file.values[name] }
}

/** The value; undefined with a problem added where it is none. */
function checked(given: Given, setting: Setting, problems: Problem[]): string | number | undefined {
  const refuse = (what: string): undefined => {
    problems.push({ from: given.from, text: `${given.place}: ${what}` })
  }
  const { type, choices = [] } = setting
  if (type === 'whole number') return wholeNumber(given, setting, refuse)
  const { value } = given
  if (typeof value !== 'string' || value === '') return refuse('must be a text that is not empty')
  if (type === 'text' || choices.includes(value)) return value
  return refuse(`must be one of ${choices.join(', ')}${didYouMean(value, choices)}`)
}

function wholeNumber(
  { from, value }: Given,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: Setting,
  refuse: (what: string) => undefined,
): number | undefined {
  const isText = from !== 'file' && typeof value === 'string' && /^[0-9]{1,15}$/.test(value)
  const number = isText ? Number(value) : value
  if (Number.isInteger(number) && Number(number) >= least && Number(number) <= most) {
    return Number(number)
  }
  return refuse(`must be a whole number from ${least} to ${most}`)
}

function missing(name: SettingName, { flag, variable }: Setting): Problem {
  return { from: 'nowhere', text: `${name}: is missing; give ${flag} or ${variable}` }
}

function unknownVariables(environment: Readonly<Record<string, string>>): Problem[] {
  const known = [...allSettings().map(([, { variable }]) => variable), ...otherVariables]
  return Object.keys(environment)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      from: 'variable' as const,
      text: `${name}: there is no such setting${didYouMean(name, known)}`,
    }))
}

function readConfig(
  path: string | undefined,
  readFile: (path: string) => string,
  problems: Problem[],
): Config | undefined {
  if (path === undefined) return undefined
  const values = parse(path, readFile(path))
  const names = Object.keys(settings)
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(settings, name)) continue
    const text = `${path}: ${name}: there is no such setting${didYouMean(name, names)}`
    problems.push({ from: 'file', text })
  }
  return { path, values }
}

function parse(path: string, text: string): Readonly<Record<string, unknown>> {
  let values: unknown
  try {
    values = JSON.parse(text)
  } catch (error) {
    throw new FatalFault(invalid, `${path}: is no JSON`, { cause: error })
  }
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
    return values as Readonly<Record<string, unknown>>
  }
  throw new FatalFault(invalid, `${path}: must be an object with a field for each setting`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') throw new FatalFault(notFound, `${path}: there is no such file`)
    throw new FatalFault(invalid, `${path}: cannot be read (${code})`, { cause: error })
  }
}
