import { setTimeout as sleep } from 'node:timers/promises'
import type { Failpoint } from '../../src/ports/faults.ts'
import type { Chance } from './chance.ts'
import { type Ended, type Running, settle, startSettle } from './settle-process.ts'

/** A run that is killed again and again and started anew with the same arguments. */
export interface RepeatedKills {
  readonly args: readonly string[]
  readonly kills: number
  readonly chance: Chance
  /** Milliseconds of a run after which it may be killed: from, and up to. */
  readonly moments: { readonly from: number; readonly to: number }
}

/** What became of the starts of a run that was killed often. */
export interface Killed {
  readonly killedAfter: readonly number[]
  /** Starts that ended before their moment came. */
  readonly ended: readonly Ended[]
}

/** Kills at random moments until that many kills happened; the next start is the caller's. */
export async function killRepeatedly(run: RepeatedKills): Promise<Killed> {
  const killedAfter: number[] = []
  const ended: Ended[] = []
  let { to } = run.moments
  while (killedAfter.length < run.kills) {
    const { from } = run.moments
    const moment = Math.round(from + run.chance.next() * Math.max(0, to - from))
    const end = await killAfter(startSettle(run.args), moment)
    if (end.signal === 'SIGKILL') {
      killedAfter.push(moment)
      continue
    }
    ended.push(end)
    if (end.exitCode !== 0 || ended.length > run.kills) break
    // What is left of the run is shorter than it was: a moment within it can still be hit.
    to = Math.min(to, end.milliseconds * 0.9)
  }
  return { killedAfter, ended }
}

/** Sends SIGKILL after so many milliseconds, if the process has not ended by then. */
export async function killAfter({ child, ended }: Running, milliseconds: number): Promise<Ended> {
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  const end = await ended
  clearTimeout(timer)
  return end
}

/** Sends a signal as soon as the condition holds; never, if the process ends before that. */
export async function signalWhen(
  { child, ended }: Running,
  signal: NodeJS.Signals,
  condition: () => boolean,
): Promise<Ended> {
  let isOver = false
  const end = ended.finally(() => {
    isOver = true
  })
  while (!isOver && !condition()) await sleep(1)
  if (!isOver) child.kill(signal)
  return end
}

/**
 * Ends a run at the N-th time it reaches a failpoint. Commits go by time as well as by size, so a
 * fast machine has fewer of them: where the run ends well before the N-th, `again` gives the
 * arguments of a fresh one, to be killed at half of N.
 */
export async function killAtFailpoint(
  failpoint: Failpoint,
  times: number,
  again: () => readonly string[],
): Promise<{ readonly ended: Ended; readonly args: readonly string[]; readonly times: number }> {
  const args = again()
  const ended = await settle(args, { env: { SETTLE_FAILPOINT: `${failpoint}:${times}` } })
  if (ended.exitCode !== 0 || times === 1) return { ended, args, times }
  return killAtFailpoint(failpoint, Math.ceil(times / 2), again)
}
