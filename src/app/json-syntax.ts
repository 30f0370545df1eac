/** Where a text stops being JSON: both from 1, columns in characters. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

// What `JSON.parse` says of a fault differs between versions of Node and often leaves out the
// place.
const space = /[ \t\n\r]*/y
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const letters = /[^"\\\p{Cc}\u{7f}]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4}/uy

/** The first place at which the source is no JSON; only for a text that `JSON.parse` refused. */
export function findSyntaxFault(source: string): TextPosition {
  const scan = new Scan(source)
  scan.document()
  return positionOf(source, scan.at)
}

/** Walks over JSON and stops at the first fault, with `at` on it. */
class Scan {
  readonly #source: string
  at = 0

  constructor(source: string) {
    this.#source = source
  }

  document(): void {
    // One letter for each open list or object: nesting may be deeper than calls can be.
    const open: ('[' | '{')[] = []
    do {
      if (!this.#value(open)) return
      while (open.length > 0 && this.#closes(open)) open.pop()
    } while (open.length > 0 && this.#separates(open))
    this.#skip(space)
  }

  /** A scalar, an empty list or object, or the start of another with its first key. */
  #value(open: ('[' | '{')[]): boolean {
    for (;;) {
      this.#skip(space)
      const letter = this.#source[this.at]
      if (letter !== '[' && letter !== '{') return this.#skip(word) || this.#text()
      this.at += 1
      open.push(letter)
      this.#skip(space)
      if (this.#source[this.at] === closing(letter)) return true
      if (letter === '{' && !this.#key()) return false
    }
  }

  #key(): boolean {
    this.#skip(space)
    if (!this.#text()) return false
    this.#skip(space)
    return this.#letter(':')
  }

  #text(): boolean {
    if (!this.#letter('"')) return false
    while (this.#skip(letters));
    return this.#letter('"')
  }

  #closes(open: readonly ('[' | '{')[]): boolean {
    this.#skip(space)
    return this.#letter(closing(open.at(-1)))
  }

  #separates(open: readonly ('[' | '{')[]): boolean {
    this.#skip(space)
    return this.#letter(',') && (open.at(-1) === '[' || this.#key())
  }

  #letter(letter: string): boolean {
    if (this.#source[this.at] !== letter) return false
    this.at += 1
    return true
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.#source)
    if (match === null) return false
    this.at += match[0].length
    return true
  }
}

function closing(letter: '[' | '{' | undefined): string {
  return letter === '[' ? ']' : '}'
}

function positionOf(source: string, at: number): TextPosition {
  const before = source.slice(0, at).split('\n')
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 }
}
