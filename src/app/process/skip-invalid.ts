import { appendFileSync, writeFileSync } from 'node:fs'
import type { NumberedLine } from '../../adapters/json-lines/read-lines.ts'
import { FatalFault } from '../../ports/faults.ts'

const wrongUsage = 2

/** Faulty lines go to a file, as they are, and are told of on standard error. */
export function skipInvalid(
  path: string | undefined,
): ((line: NumberedLine, message: string) => void) | undefined {
  if (path === undefined) return undefined
  try {
    writeFileSync(path, '')
  } catch (error) {
    const why = `--skip-invalid ${path}: cannot be written (${(error as Error).message})`
    throw new FatalFault(wrongUsage, why, { cause: error })
  }
  return ({ text }, message) => {
    appendFileSync(path, `${text}\n`)
    process.stderr.write(`${message}\n`)
  }
}
