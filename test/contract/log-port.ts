import { afterEach, beforeEach, describe } from 'vitest'
import type { Log } from '../../src/ports/log.ts'
import { testCommit, testFencing, testRestart } from './log-port-committing.ts'
import { testAppendAndRead, testBatches } from './log-port-reading.ts'
import { testEndOfSubscription, testSubscribe } from './log-port-subscribing.ts'
import type { Setup } from './log-port-support.ts'

/** A log of its own for one test, empty, with at least two partitions. */
export interface LogHarness {
  readonly log: Log
  /** Closes the log and opens the same one again, as after a restart. */
  reopen(): Promise<Log>
  cleanup(): Promise<void>
}

/** The definition of the port `Log`: every adapter passes these tests. */
export function describeLogPort(name: string, open: () => Promise<LogHarness>): void {
  describe(name, () => {
    const at: Setup = { log: undefined as unknown as Log, reopen: noHarness }
    let cleanup: () => Promise<void> = noHarness

    beforeEach(async () => {
      const harness = await open()
      at.log = harness.log
      at.reopen = async () => {
        at.log = await harness.reopen()
      }
      cleanup = () => harness.cleanup()
    })
    afterEach(() => cleanup())

    describe('append and read', () => testAppendAndRead(at))
    describe('batches', () => testBatches(at))
    describe('commit', () => testCommit(at))
    describe('fencing', () => testFencing(at))
    describe('restart', () => testRestart(at))
    describe('subscribe', () => testSubscribe(at))
    describe('end of a subscription', () => testEndOfSubscription(at))
  })
}

async function noHarness(): Promise<void> {}
