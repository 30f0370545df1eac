import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Broker, kafkaJars, startBroker } from '../support/kafka/broker.ts'
import {
  consoleValues,
  embeddedEvents,
  embeddedOutputs,
  kafkaOutputs,
} from '../support/kafka/independent.ts'
import { difference, outputFiles, settle, settleWell } from '../support/settle-process.ts'

const jars = kafkaJars()
if ('missing' in jars) process.stderr.write(`skipped: ${jars.missing}\n`)

describe.skipIf('missing' in jars)('with a broker', () => {
  let broker: Broker
  let top = ''
  let input: string[] = []
  let due: Awaited<ReturnType<typeof embeddedOutputs>> = {}

  beforeAll(async () => {
    if ('missing' in jars) return
    top = mkdtempSync(join(tmpdir(), 'settle-kafka-process-'))
    const [rules, events] = [join(top, 'rulebook.json'), join(top, 'events.jsonl')]
    const size = ['--seed', '7', '--events', '1500', '--merchants', '60']
    await settleWell(['gen', ...size, '--rules', rules, '-o', events])
    input = ['--rules', rules, '--events', events]
    const own = ['--partitions', '2', '--state', join(top, 'embedded'), '--out', join(top, 'due')]
    await settleWell(['process', ...input, ...own])
    due = await embeddedOutputs(join(top, 'embedded'))
    broker = await startBroker(jars.folder)
  })

  afterAll(async () => {
    await broker?.stop()
    rmSync(top, { recursive: true, force: true })
  })

  /** The options of a log of its own, with two partitions. */
  async function newLog(name: string): Promise<string[]> {
    const log = [
      '--log',
      'kafka',
      '--kafka-brokers',
      broker.bootstrap,
      '--kafka-prefix',
      `${name}.`,
    ]
    await settleWell(['topics', 'apply', ...log, '--partitions', '2'])
    return [...log, '--kafka-group', name]
  }

  /** Where the files of a run differ from those of the embedded log, offsets apart. */
  function differingFiles(out: string): string[] {
    return outputFiles.flatMap((file) => {
      if (file !== 'rejections.jsonl') return difference(join(top, 'due'), out, file)
      const [due, found] = [join(top, 'due'), out].map((folder) =>
        readFileSync(join(folder, file), 'utf8').replace(/"offset":\d+/g, ''),
      )
      return due === found ? [] : [file]
    })
  }

  test('the outputs are those of the embedded log, and folding again adds none', async () => {
    const log = await newLog('same')
    const [out, again] = [join(top, 'same'), join(top, 'again')]
    await settleWell(['process', ...input, ...log, '--out', out])
    expect(differingFiles(out)).toEqual([])
    // Without a state folder everything is folded anew, and nothing of it is put out again.
    await settleWell(['process', ...input, ...log, '--out', again])
    expect(differingFiles(again)).toEqual([])

    const group = ['--kafka-group', 'other']
    const other = await settle(['process', ...input, ...log, ...group, '--out', out])
    expect(other).toMatchObject({ exitCode: 3 })
    expect(other.stderr).toContain('has outputs, and the group other has no position for it')
  })

  test('a run that is killed at the edges of its commits ends with the same outputs', async () => {
    const log = [...(await newLog('killed')), '--kafka-timeout', '1000']
    const out = join(top, 'killed')
    const args = ['process', ...input, ...log, '--out', out, '--state', join(top, 'state')]
    for (const failpoint of ['transaction:before:7', 'transaction:after:5', 'store:before:2']) {
      const killed = await settle(args, { env: { SETTLE_FAILPOINT: failpoint } })
      expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    }
    await settleWell(args)
    expect(differingFiles(out)).toEqual([])
    expect(await kafkaOutputs(broker, 'killed.', 2)).toEqual(due)
  })

  test('events are loaded into the partitions that the embedded log has them in', async () => {
    const log = await newLog('loaded')
    const [, , , events = ''] = input
    const zone = ['--zone', 'Asia/Shanghai']
    await settleWell(['load', events, ...log, ...zone])
    const state = join(top, 'loaded')
    await settleWell(['load', events, '--state', state, '--partitions', '2', ...zone])
    expect(await consoleValues(broker, 'loaded.events', 2)).toEqual(await embeddedEvents(state))
    const more = await settle(['load', events, ...log, ...zone, '--partitions', '3'])
    expect(more).toMatchObject({ exitCode: 3, stderr: 'settle: --partitions: the topics have 2\n' })
  })

  test('a folder is the state of one log, and says so', async () => {
    const [log, other] = [await newLog('one'), await newLog('two')]
    const kept = ['--state', join(top, 'kept'), '--out', join(top, 'out')]
    await settleWell(['process', ...input, ...log, ...kept])
    const moved = await settle(['process', ...input, ...other, ...kept])
    expect(moved).toMatchObject({ exitCode: 3 })
    expect(moved.stderr).toContain('name another folder')
    const embedded = ['--state', join(top, 'embedded'), '--out', join(top, 'out')]
    expect(await settle(['process', ...input, ...log, ...embedded])).toMatchObject({ exitCode: 3 })
    for (const command of [
      ['statements', 'list'],
      ['snapshot', 'create'],
      ['replay', '--compare'],
    ]) {
      const refused = await settle([...command, '--state', join(top, 'kept')])
      expect(refused, command.join(' ')).toMatchObject({ exitCode: 2 })
      expect(refused.stderr).toContain('is not available in this version')
    }
  })
})
