import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { type ProcessOptions, runProcess } from '../../../../src/app/process/run-process.ts'
import type { FatalFault } from '../../../../src/ports/faults.ts'
import type { Json } from '../../../support/world.ts'

export const outputFiles = [
  'lines.jsonl',
  'statements.jsonl',
  'instructions.jsonl',
  'notices.jsonl',
  'rejections.jsonl',
] as const

/** A folder in which `process` is run, removed when the test is over. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'process-test-'))

  constructor(ruleBook: Json) {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }))
    this.writeRules(ruleBook)
  }

  at(name: string): string {
    return join(this.path, name)
  }

  has(name: string): boolean {
    return existsSync(this.at(name))
  }

  writeRules(ruleBook: Json): void {
    writeFileSync(this.at('rules.json'), JSON.stringify(ruleBook))
  }

  /** Writes events, or lines as they are; compressed where the name says so. */
  writeEvents(name: string, events: readonly (Json | string)[], lineEnd = '\n'): string {
    const lines = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)))
    const text = lines.map((line) => line + lineEnd).join('')
    writeFileSync(this.at(name), name.endsWith('.gz') ? gzipSync(text) : text)
    return this.at(name)
  }

  /** Runs `process` into the folder `out`. */
  async run(files: readonly string[], options: Partial<ProcessOptions> = {}): Promise<void> {
    await runProcess({
      rules: this.at('rules.json'),
      events: files,
      out: this.at('out'),
      ...options,
    })
  }

  /** The exit code and message with which `process` stops. */
  async fault(files: readonly string[], options: Partial<ProcessOptions> = {}): Promise<string> {
    try {
      await this.run(files, options)
    } catch (error) {
      const { exitCode, message } = error as FatalFault
      return `${exitCode} ${message.replaceAll(`${this.path}/`, '')}`
    }
    return 'no fault'
  }

  read(name: string): string {
    return readFileSync(this.at(`out/${name}`), 'utf8')
  }

  rows(name: string): Json[] {
    return this.read(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Json)
  }

  summary(): Json {
    return JSON.parse(this.read('summary.json')) as Json
  }

  /** All that may not depend on how it was come by: the files, and the summary without `log`. */
  results(): Record<string, string> {
    const { log: _log, ...summary } = this.summary()
    const files = Object.fromEntries(outputFiles.map((name) => [name, this.read(name)]))
    return { ...files, summary: JSON.stringify(summary) }
  }
}
