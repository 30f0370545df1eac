import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instrument, LabelDomain } from '../../ports/metrics.ts'
import { allSettings, type Setting } from '../settings.ts'
import { instruments } from './catalogue.ts'

/** The pages that are made from code, by their path in the repository. */
export function madePages(): Readonly<Record<string, string>> {
  return { 'docs/settings.md': settingsPage(), 'docs/metrics.md': metricsPage() }
}

/** Writes them under the root of the repository: `npm run docs`. */
export function writeDocs(root: string): void {
  for (const [path, text] of Object.entries(madePages())) writeFileSync(join(root, path), text)
}

function settingsPage(): string {
  const rows = allSettings().map(
    ([name, setting]) =>
      `| \`${name}\` | \`${setting.flag}\` | \`${setting.variable}\` | ${valuesOf(setting)} ` +
      `| ${defaultOf(setting)} | ${setting.scope} | ${setting.sentence} |`,
  )
  return `# Settings

Made from \`src/app/settings.ts\` by \`npm run docs\`; a test fails when this page is stale.

The settings of \`settle run\`. A flag wins over the environment, which wins over the file that \`--config\` or \`SETTLE_CONFIG\` names, which wins over the default. The file is a JSON object with the names of the first column. A name that is none is an error with a suggestion, in the file as in the environment, and all problems are told at once. An empty variable counts as none.

- **process**: may differ from host to host and from start to start; changes no result.
- **ledger**: changes results or cannot change afterwards; fixed with the log. A start that asks for another value ends with exit code 3.

| name | flag | variable | values | default | scope | what it is |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

One more thing is fixed with the log and set by no one: the **clock mode**. \`settle run\` folds with \`live\`, in which a tick more than 60 s ahead of its receipt is refused as \`CLOCK_AHEAD\`; \`settle process\` folds with \`replay\`, which has no such guard. A folder that was folded with one of them refuses the other with exit code 3.

\`SETTLE_FAILPOINT\` ends the process at a named place and is for tests only. \`NO_COLOR\`, \`CI\` and \`TERM=dumb\` keep progress bars away.
`
}

function valuesOf({ type, choices, least, most }: Setting): string {
  if (choices !== undefined) return choices.join(', ')
  return type === 'whole number' ? `${least} to ${most}` : type
}

function defaultOf(setting: Setting): string {
  if (setting.required) return 'required'
  return setting.default === undefined ? 'none' : String(setting.default)
}

function metricsPage(): string {
  const rows = instruments().map(
    ([name, { type, labels, unit, help, why }]) =>
      `| \`${name}\` | ${type} | ${labelsOf(labels)} | ${unit} | ${help} | ${why} |`,
  )
  return `# Metrics

Made from \`src/app/run/catalogue.ts\` by \`npm run docs\`; a test fails when this page is stale.

\`settle run\` serves them on \`/metrics\`, besides \`/livez\` (the process lives) and \`/readyz\` (every partition is recovered and none is halted; else 503 with the reasons). Counters come from numbers that are kept per batch. Every enumerated combination of labels stands at 0 from the start, so that \`increase()\` sees the first appearance. A gauge without labels stands at 0 until it is set: guard alerts on timestamps with \`> 0\`. No party, order, statement or rule is ever a label; \`partition\` is one of gauges only.

| name | type | labels | unit | what it is | why it is looked at |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Those of Node come with the library \`prom-client\` (\`nodejs_…\`, \`process_…\`), without three gauges that it names like counters.

## Buckets

| histogram | upper bounds |
| --- | --- |
${instruments().flatMap(bucketRow).join('\n')}
`
}

function labelsOf(labels: Readonly<Record<string, LabelDomain>>): string {
  const shown = Object.entries(labels).map(([label, domain]) =>
    typeof domain === 'string'
      ? `\`${label}\``
      : `\`${label}\`: ${domain.map((value) => `\`${value}\``).join(', ')}`,
  )
  return shown.length === 0 ? '–' : shown.join('; ')
}

function bucketRow([name, { buckets }]: [string, Instrument]): string[] {
  return buckets === undefined ? [] : [`| \`${name}\` | ${buckets.join(', ')} |`]
}
