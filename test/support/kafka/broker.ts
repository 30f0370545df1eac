// A real Kafka broker for tests: one process with its data in a folder of its own.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Broker {
  readonly bootstrap: string
  /** Its listener with TLS and log-in; undefined where it has none. */
  readonly secured: Secured | undefined
  /** Ends it at once, as a failing machine would. */
  kill(): Promise<void>
  /** Starts it again over the same data and at the same place. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
  /** A file of these lines for one of the tools. */
  payload(lines: readonly string[]): Promise<string>
  /** Runs one of Kafka's own tools; resolves with what it printed. */
  tool(main: string, ...options: readonly string[]): Promise<string>
}

/** Who may log in as `settle`, and by which certificate the broker is known. */
export interface Secured {
  readonly bootstrap: string
  readonly user: string
  readonly password: string
  /** A PEM file. */
  readonly authority: string
}

/** The folder of Kafka's jars, or why a broker cannot be had here. */
export function kafkaJars(): { readonly folder: string } | { readonly missing: string } {
  const script = join(import.meta.dirname, 'jars.sh')
  const { status, stdout, stderr } = spawnSync(script, { encoding: 'utf8' })
  if (status === 0) return { folder: stdout.trim() }
  return { missing: `Kafka's jars cannot be had here: ${stderr.trim()}` }
}

/** Starts a broker on free ports of 127.0.0.1; resolves when it answers. */
export async function startBroker(
  jars: string,
  { isSecured = false }: { readonly isSecured?: boolean } = {},
): Promise<Broker> {
  const data = mkdtempSync(join(tmpdir(), 'settle-kafka-'))
  const [port, controller] = [await freePort(), await freePort()]
  const secured = isSecured ? await makeSecured(data) : undefined
  const properties = join(data, 'server.properties')
  writeFileSync(properties, settingsOf(data, port, controller, secured))
  const classPath = join(jars, '*')
  const format = ['format', '-t', 'bXktY2x1c3Rlci1pZC0xMg', '-c', properties]
  if (secured !== undefined) {
    const { user, password } = secured
    format.push('--add-scram', `SCRAM-SHA-256=[name=${user},password=${password}]`)
  }
  execFileSync('java', ['-cp', classPath, 'kafka.tools.StorageTool', ...format])
  const bootstrap = `127.0.0.1:${port}`
  let running = await launch(classPath, data, bootstrap)
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  return {
    bootstrap,
    secured,
    kill,
    restart: async () => {
      running = await launch(classPath, data, bootstrap)
    },
    stop: async () => {
      await kill()
      rmSync(data, { recursive: true, force: true })
    },
    payload: async (lines) => {
      const path = join(data, 'payload.txt')
      writeFileSync(path, lines.join('\n'))
      return path
    },
    tool: (main, ...options) => runTool(classPath, [main, ...options]),
  }
}

async function launch(classPath: string, data: string, bootstrap: string): Promise<ChildProcess> {
  const output = join(data, 'output.txt')
  const to = openSync(output, 'a')
  const options = ['-Xmx512m', '-cp', classPath, 'kafka.Kafka', join(data, 'server.properties')]
  const child = spawn('java', options, { stdio: ['ignore', to, to], cwd: data })
  for (let attempt = 0; attempt < 900; attempt += 1) {
    if (child.exitCode !== null) break
    if (readFileSync(output, 'utf8').includes('Kafka Server started')) return child
    if (await answers(bootstrap)) return child
    await sleep(100)
  }
  child.kill('SIGKILL')
  throw new Error(`the broker has not started:\n${readFileSync(output, 'utf8')}`)
}

/** The port is open only when the broker is ready. */
async function answers(bootstrap: string): Promise<boolean> {
  const [host = '', port = ''] = bootstrap.split(':')
  return new Promise((resolve) => {
    const socket = connect(Number(port), host)
    const end = (isThere: boolean) => () => {
      socket.destroy()
      resolve(isThere)
    }
    socket.on('connect', end(true))
    socket.on('error', end(false))
  })
}

async function runTool(classPath: string, options: readonly string[]): Promise<string> {
  const child = spawn('java', ['-Xmx256m', '-cp', classPath, ...options])
  let [printed, complaints] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  if (exitCode === 0) return printed
  throw new Error(`${options[0]} ended with ${exitCode}: ${complaints}`)
}

/** A certificate of its own, and one user. */
async function makeSecured(data: string): Promise<Secured> {
  const [store, authority] = [join(data, 'broker.p12'), join(data, 'authority.pem')]
  const at = ['-keystore', store, '-storetype', 'PKCS12', '-storepass', 'changeit', '-alias', 'own']
  const name = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-keyalg', 'EC']
  execFileSync('keytool', ['-genkeypair', ...at, ...name], { stdio: 'pipe' })
  execFileSync('keytool', ['-exportcert', '-rfc', ...at, '-file', authority], { stdio: 'pipe' })
  const bootstrap = `127.0.0.1:${await freePort()}`
  return { bootstrap, user: 'settle', password: 'open-sesame', authority }
}

function securitySettings(data: string, { user, password }: Secured) {
  const login = 'org.apache.kafka.common.security'
  return {
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL',
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.location': join(data, 'broker.p12'),
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.password': 'changeit',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.secured.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${user}="${password}";`,
    'listener.name.secured.scram-sha-256.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
  }
}

function settingsOf(
  data: string,
  port: number,
  controller: number,
  secured: Secured | undefined,
): string {
  const own = `PLAINTEXT://127.0.0.1:${port}`
  const reached = secured === undefined ? own : `${own},SECURED://${secured.bootstrap}`
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `${reached},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': reached,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(data, 'log'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.min.isr': 1,
    // A broker that was killed may register again only when its old registration has run out.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    // Who was killed is missed after a second or two.
    'group.min.session.timeout.ms': 1_000,
    'auto.create.topics.enable': false,
    'log.message.timestamp.type': 'LogAppendTime',
    ...(secured === undefined ? {} : securitySettings(data, secured)),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  return `${lines.join('\n')}\n`
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
