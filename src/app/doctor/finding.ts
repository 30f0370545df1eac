/** What a check found: `warn` may be left so, `fail` must not. */
export interface Finding {
  readonly check: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do; absent where all is well. */
  readonly remedy?: string
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found }
}

export function warn(check: string, found: string, remedy: string): Finding {
  return { check, verdict: 'warn', found, remedy }
}

export function fail(check: string, found: string, remedy: string): Finding {
  return { check, verdict: 'fail', found, remedy }
}

/** Bytes for people. */
export function showBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** The local-free form of a day: YYYY-MM-DD, in UTC. */
export function showDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}
