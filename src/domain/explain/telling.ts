import { formatMinor } from '../money/currency.ts'
import type { Minor } from '../money/money.ts'
import { type Rounding, roundQuotientBig } from '../money/rounding.ts'
import type { Discrepancy, Figure, SettledLine } from './line.ts'

/** Gathers the steps of one line and what of it does not come out. */
export class Telling {
  readonly line: SettledLine
  readonly steps: string[] = []
  readonly problems: Discrepancy[] = []
  isComputed = true

  constructor(line: SettledLine) {
    this.line = line
  }

  say(step: string): void {
    this.steps.push(step)
  }

  /** Only the first problem of a figure is kept. */
  refuse(figure: Figure, message: string): void {
    if (this.problems.every((problem) => problem.figure !== figure)) {
      this.problems.push({ figure, message })
    }
  }

  /** A figure that must be what it comes out as. */
  expect(figure: Figure, says: string | null, comesOut: string | null): void {
    if (says === comesOut) return
    this.refuse(figure, `comes out as ${comesOut ?? 'absent'}, the line says ${says ?? 'absent'}`)
  }

  expectAmount(figure: Figure, says: Minor | null, comesOut: Minor | null): void {
    this.expect(figure, this.optional(says), this.optional(comesOut))
  }

  money(amount: Minor): string {
    return formatMinor(amount, this.line.currency)
  }

  private optional(amount: Minor | null): string | null {
    return amount === null ? null : this.money(amount)
  }
}

/** A fraction as a basis has it; undefined for any other text. */
export function readExact(
  text: string | null,
): { numerator: bigint; denominator: bigint } | undefined {
  const match = /^(-?[0-9]{1,40})\/([1-9][0-9]{0,40})$/.exec(text ?? '')
  if (match === null) return undefined
  return { numerator: BigInt(match[1] as string), denominator: BigInt(match[2] as string) }
}

/** An exact value rounded to minor units; undefined where it is no fraction. */
export function roundExact(text: string | null, rounding: Rounding): Minor | undefined {
  const exact = readExact(text)
  if (exact === undefined) return undefined
  return Number(roundQuotientBig(exact.numerator, exact.denominator, rounding)) + 0
}

/** Compares two exact values by magnitude; what is no fraction counts as nothing. */
export function compareExact(a: string | null, b: string | null): number {
  const left = readExact(a) ?? { numerator: 0n, denominator: 1n }
  const right = readExact(b) ?? { numerator: 0n, denominator: 1n }
  const difference =
    magnitude(left.numerator) * right.denominator - magnitude(right.numerator) * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** How a fee type rounds, in words. */
export const roundingWords: Readonly<Record<Rounding, string>> = {
  HALF_UP: 'to the nearest, halves away from zero',
  HALF_EVEN: 'to the nearest, halves to the even one',
  DOWN: 'towards zero',
  UP: 'away from zero',
}
