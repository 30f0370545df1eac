import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { FatalFault } from '../../ports/faults.ts'
import { wallClock } from '../compose.ts'
import { checkFolder } from './check-folder.ts'
import { checkAddOn, checkHeap, checkNode, checkSpace, checkSync } from './check-host.ts'
import { type Finding, fail } from './finding.ts'

export interface DoctorOptions {
  readonly state?: string | undefined
  readonly json?: boolean | undefined
}

/** Prints what was found; FatalFault 4 when something of it must not be left so. */
export async function runDoctor({ state, json = false }: DoctorOptions): Promise<void> {
  const findings = await examine(state)
  process.stdout.write(json ? `${jsonOf(findings)}\n` : linesOf(findings))
  const failed = findings.filter(({ verdict }) => verdict === 'fail')
  if (failed.length === 0) return
  const checks = [...new Set(failed.map(({ check }) => check))].join(', ')
  throw new FatalFault(4, `not fit to run: ${checks}`)
}

async function examine(state: string | undefined): Promise<Finding[]> {
  const now = wallClock.now()
  const findings = [checkNode(process.version, now), checkHeap()]
  if (state !== undefined && !existsSync(state)) {
    const remedy = 'settle run makes it; else name another with --state'
    return [...findings, fail('folder', `${state}: there is no such folder`, remedy)]
  }
  const folder = state ?? tmpdir()
  for (const check of [checkAddOn, checkSync, checkSpace]) {
    findings.push(await tried(folder, check))
  }
  return state === undefined ? findings : [...findings, ...(await checkFolder(state, now))]
}

async function tried(
  folder: string,
  check: (folder: string) => Finding | Promise<Finding>,
): Promise<Finding> {
  try {
    return await check(folder)
  } catch (error) {
    const remedy = 'give this user the folder, or name another one with --state'
    return fail('folder', `${folder}: ${(error as Error).message}`, remedy)
  }
}

function jsonOf(findings: readonly Finding[]): string {
  const isFit = findings.every(({ verdict }) => verdict !== 'fail')
  return JSON.stringify({ doctor: 1, isFit, findings }, undefined, 2)
}

function linesOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings
    .map(({ check, verdict, found, remedy }) => {
      const line = `${verdict.padEnd(4)}  ${check.padEnd(width)}  ${found}\n`
      return remedy === undefined ? line : `${line}${' '.repeat(width + 8)}→ ${remedy}\n`
    })
    .join('')
}
