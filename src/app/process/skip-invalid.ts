import { appendFileSync, writeFileSync } from 'node:fs'
import type { NumberedLine } from '../../adapters/json-lines/read-lines.ts'

/** Faulty lines go to a file, as they are, and are told of on standard error. */
export function skipInvalid(
  path: string | undefined,
): ((line: NumberedLine, message: string) => void) | undefined {
  if (path === undefined) return undefined
  writeFileSync(path, '')
  return ({ text }, message) => {
    appendFileSync(path, `${text}\n`)
    process.stderr.write(`${message}\n`)
  }
}
