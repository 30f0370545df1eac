import { breachesOfLines, type Rule } from './code-rules.ts'
import type { TextFile } from './sources.ts'

/** Words in halves, so that this file may hold them. */
const words = (...halves: readonly [string, string][]): string =>
  halves.map((pair) => pair.join('')).join('|')

/** What no file of the project may hold, whatever its language. */
export const textRules: readonly Rule<TextFile>[] = [
  {
    name: 'nothing is left to be done',
    pattern: new RegExp(`\\b(${words(['TO', 'DO'], ['FIX', 'ME'])})\\b`),
    broken: `// ${words(['TO', 'DO'])}: later`,
  },
  {
    name: 'no path of a machine stands in a file',
    pattern: new RegExp(
      `(^|[\\s"'\`(=])/(${words(['ho', 'me'], ['ro', 'ot'], ['Us', 'ers'], ['wo', 'rk'], ['t', 'mp'])})/`,
    ),
    broken: `cd /${words(['ho', 'me'])}/someone`,
  },
  {
    name: 'no host of a registry stands in a file',
    pattern: new RegExp(
      `${words(['registry', '\\.[a-z0-9-]+\\.[a-z]'], ['npm', 'mirror'], ['arti', 'factory'], ['npmjs', '\\.'])}`,
    ),
    broken: `https://${words(['registry', '.example.org'])}`,
  },
  {
    // Kafka has a setting whose name begins like one of these words.
    name: 'no file speaks of how or where it was written',
    pattern: new RegExp(
      `\\b(${words(['issue', ' #'], ['ses', 'sion(?!\\.?timeout)'], ['cl', 'aude'], ['co', 'pilot'], ['chat', 'gpt'], ['anth', 'ropic'])})`,
      'i',
    ),
    broken: `// See ${words(['issue', ' #'])}4.`,
  },
].map(({ name, pattern, broken }) => ({
  name,
  breaches: (file) => breachesOfLines(file, (line) => pattern.test(line)),
  broken: ['a.md', broken],
}))
