import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKafkaLog } from '../../src/adapters/kafka/kafka-log.ts'
import { batch, commitOne } from '../contract/log-port-support.ts'
import { type Broker, kafkaJars, type Secured, startBroker } from '../support/kafka/broker.ts'
import { settle } from '../support/settle-process.ts'

const jars = kafkaJars()
if ('missing' in jars) process.stderr.write(`skipped: ${jars.missing}\n`)

describe.skipIf('missing' in jars)('with a broker', () => {
  let broker: Broker
  let top = ''

  beforeAll(async () => {
    if ('missing' in jars) return
    top = mkdtempSync(join(tmpdir(), 'settle-topics-'))
    broker = await startBroker(jars.folder, { isSecured: true })
  })

  afterAll(async () => {
    await broker?.stop()
    rmSync(top, { recursive: true, force: true })
  })

  function at(prefix: string): string[] {
    return ['--log', 'kafka', '--kafka-brokers', broker.bootstrap, '--kafka-prefix', prefix]
  }

  test('what is missing is planned, created once, and never given other partitions', async () => {
    const plan = await settle(['topics', 'plan', ...at('made.')])
    expect(plan).toMatchObject({ exitCode: 0, stderr: '' })
    expect(plan.stdout).toContain('create  made.events  say --partitions')
    expect(await settle(['topics', 'apply', ...at('made.')])).toMatchObject({ exitCode: 2 })

    const made = await settle(['topics', 'apply', ...at('made.'), '--partitions', '2'])
    expect(made, made.stderr).toMatchObject({ exitCode: 0, stderr: '' })
    expect(made.stdout.match(/^created {2}made\.\w+ {2}2 partitions$/gm)).toHaveLength(6)
    expect(made.stdout.match(/^ok {6}made\.\w+ {2}2 partitions, 1 replicas$/gm)).toHaveLength(6)

    const again = await settle(['topics', 'apply', ...at('made.')])
    expect(again).toMatchObject({ exitCode: 0 })
    expect(again.stdout).not.toContain('created')
    const more = await settle(['topics', 'apply', ...at('made.'), '--partitions', '3'])
    expect(more).toMatchObject({ exitCode: 3, stdout: '' })
    expect(more.stderr).toContain('made.events has 2 partitions, not 3')
  })

  test('a topic that would cost money is told of with what to do, and left as it is', async () => {
    const faulty = ['--config', 'cleanup.policy=compact', '--partitions', '4']
    await broker.tool(
      'org.apache.kafka.tools.TopicCommand',
      ...['--bootstrap-server', broker.bootstrap, '--create', '--topic', 'odd.lines'],
      ...faulty,
    )
    const found = await settle(['topics', 'apply', ...at('odd.'), '--partitions', '4'])
    expect(found).toMatchObject({ exitCode: 4 })
    expect(found.stdout).toMatch(/^fail {4}odd\.lines {2}cleanup\.policy is compact: .*\n *→ set /m)
    expect(found.stderr).toBe('settle: topics are not fit to be used\n')
  })

  test('lag counts what is not committed, and is 0 where only control records are left', async () => {
    await settle(['topics', 'apply', ...at('late.'), '--partitions', '2'])
    const group = ['--kafka-group', 'late']
    const log = await openKafkaLog({
      connecting: { brokers: [broker.bootstrap], clientId: 'test' },
      prefix: 'late.',
      group: 'late',
      sessionTimeout: 10_000,
    })
    try {
      await log.append([batch('events', 0, ['a', 'b']), batch('events', 1, ['c'])])
      const { lease } = await log.acquire(0)
      expect(await commitOne(log, lease)).toBe('committed')
      const json = await settle(['lag', ...at('late.'), ...group, '--json'])
      expect(json, json.stderr).toMatchObject({ exitCode: 0, stderr: '' })
      expect(JSON.parse(json.stdout)).toEqual({
        lag: 1,
        partitions: [
          { partition: 0, committed: 1, end: 2, behind: 1 },
          { partition: 1, committed: null, end: 1, behind: 1 },
        ],
      })
      // A transaction into the input leaves a control record behind its records.
      await log.append([batch('events', 0, ['d'])], { mark: Buffer.from('mark') })
      const position = { offset: 3, step: 0 }
      expect(await log.commit(lease, [], position, '')).toBe('committed')
      const table = await settle(['lag', ...at('late.'), ...group])
      expect(table.stdout.split('\n')[1]).toMatch(/^ +0 +3 +4 +0$/)
    } finally {
      await log.close()
    }
  })

  test('topics that are missing and brokers that are away are said so', async () => {
    const none = await settle(['lag', ...at('none.')])
    expect(none).toMatchObject({ exitCode: 3 })
    expect(none.stderr).toContain('topic none.events: is not there; create it with `settle topics')
    const away = await settle(['lag', '--log', 'kafka', '--kafka-brokers', '127.0.0.1:9'])
    expect(away).toMatchObject({ exitCode: 5 })
    expect(away.stderr).toMatch(/^settle: Kafka at 127\.0\.0\.1:9: .*; start the brokers or check/)
  })

  describe('over its secured listener', () => {
    let secured: Secured

    beforeAll(() => {
      secured = broker.secured as Secured
      writeFileSync(join(top, 'password'), `${secured.password}\n`)
      writeFileSync(join(top, 'wrong'), 'another\n')
    })

    // biome-ignore format: the columns are a table
    const cases = [
      // mechanism       authority  password    code  says
      ['plain',          'own',     'password', 0,    ''],
      ['scram-sha-256',  'own',     'password', 0,    ''],
      ['plain',          'own',     'wrong',    7,    'the log-in was refused'],
      ['scram-sha-256',  'own',     'wrong',    7,    'the log-in was refused'],
      ['plain',          'none',    'password', 7,    'TLS failed'],
    ] as const

    test.each(cases)(
      '%s, authority %s, password %s: exit code %i',
      async (sasl, ca, file, ...is) => {
        const [exitCode, says] = is
        const own = ca === 'own' ? ['--kafka-ca', secured.authority] : []
        const ended = await settle([
          ...['topics', 'plan', '--log', 'kafka', '--kafka-brokers', secured.bootstrap],
          ...['--kafka-tls', 'on', ...own, '--kafka-sasl', sasl],
          ...['--kafka-user', secured.user, '--kafka-password-file', join(top, file)],
        ])
        expect(ended, ended.stderr).toMatchObject({ exitCode })
        expect(ended.stderr).toContain(says)
        expect(ended.stderr + ended.stdout).not.toContain(secured.password)
      },
    )
  })
})
