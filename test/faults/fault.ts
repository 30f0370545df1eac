/**
 * One mistake in the sources: the code of a feature taken out, or done wrongly. It is planted in a
 * copy of the project (`plant.ts`), never in `src/`, and the test that it names must fail.
 */
export interface Fault {
  /** As in the first cell of docs/features.md, or the second where the first is empty. */
  readonly feature: string
  /** What is wrong then, said as a fact. */
  readonly name: string
  /** Below the repository. */
  readonly file: string
  /** Exact text that occurs once in the file. */
  readonly find: string
  readonly replace: string
  /** Below the repository; of the project `check`, so that it needs seconds. */
  readonly test: string
  /** One of those that every `npm test` plants. */
  readonly grave?: true
}

/** How a row is named in messages. */
export function titleOf({ feature, name }: Fault): string {
  return `${feature}: ${name}`
}

/** The text with the fault in it; throws where `find` does not occur exactly once. */
export function planted(fault: Fault, text: string): string {
  const { file, find, replace } = fault
  const count = text.split(find).length - 1
  if (count === 1) return text.replace(find, () => replace)
  const remedy = 'choose text that occurs once, or take the row out with its feature'
  throw new Error(`${titleOf(fault)}: ${file} has its text ${count} times: ${remedy}`)
}
