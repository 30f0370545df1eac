import { createHash } from 'node:crypto'
import { createLogger } from '../../adapters/pino/pino-logger.ts'
import { FatalFault } from '../../ports/faults.ts'
import type { Logger } from '../../ports/logger.ts'
import { checkRuleBookFile } from '../process/publish.ts'
import { type Flags, readEnvironment, readSettings } from '../read-settings.ts'
import { readRuleBookFile } from '../rule-book-file.ts'
import type { Settings } from '../settings.ts'
import { version } from '../version.ts'
import { type HttpServer, startHttpServer } from './http-server.ts'
import { Instance, messageOf } from './instance.ts'
import type { CheckedRules } from './master-data.ts'
import { batchesOf, type Request, socketPath } from './socket-protocol.ts'
import { type SocketServer, startSocketServer } from './socket-server.ts'

const [wrongUsage, interrupted] = [2, 130]
const loopback = ['127.0.0.1', '::1', 'localhost']

/** Runs the processor of a folder until a signal comes, or a fault that must end it. */
export async function runRun(flags: Flags): Promise<void> {
  const environment = readEnvironment()
  const settings = readSettings(flags, environment.settings)
  if (settings.log === 'kafka') {
    throw new FatalFault(wrongUsage, 'run with a log on Kafka is not available in this version')
  }
  const rules = settings.rules === undefined ? undefined : checkedRules(settings.rules)
  const logger = createLogger(settings.logLevel)
  const signal = firstSignal(logger)
  logger.info('settle run starts', {
    version,
    node: process.version,
    pid: process.pid,
    folder: settings.state,
  })
  try {
    const { failpoint } = environment
    const instance = await Instance.open({ settings, rules, failpoint, logger, version })
    await serve(instance, settings, logger, signal)
  } catch (fault) {
    logger.error('settle run ends with a fault', { fault: messageOf(fault) })
    throw fault
  }
  logger.info('settle run has ended', { exitCode: 0 })
}

function checkedRules(path: string): CheckedRules {
  const file = readRuleBookFile(path)
  return { path, file, ruleBook: checkRuleBookFile(path, file) }
}

async function serve(
  instance: Instance,
  settings: Settings,
  logger: Logger,
  signal: Promise<void>,
): Promise<void> {
  const servers: (HttpServer | SocketServer)[] = []
  try {
    labelInstance(instance, settings)
    servers.push(await openSocket(instance, settings.state, logger))
    servers.push(await openHttp(instance, settings, logger))
    instance.start()
    await Promise.race([signal, instance.failed])
  } finally {
    await instance.stop()
    for (const server of servers) await server.close()
  }
}

function labelInstance({ meter }: Instance, settings: Settings): void {
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12)
  meter.set('settlement_config_info', { hash }, 1)
  meter.set('settlement_build_info', { version, node: process.version }, 1)
}

async function openHttp(
  instance: Instance,
  { host, port }: Settings,
  logger: Logger,
): Promise<HttpServer> {
  const server = await startHttpServer({
    host,
    port,
    meter: instance.meter,
    refresh: () => instance.gauges.refresh(),
    whyNotReady: () => instance.whyNotReady(),
  })
  logger.info('metrics and health are served', { host, port: server.port })
  if (!loopback.includes(host)) {
    logger.warn('others on the network can read metrics and health', { host })
  }
  return server
}

async function openSocket(
  instance: Instance,
  folder: string,
  logger: Logger,
): Promise<SocketServer> {
  const path = socketPath(folder)
  if (path === undefined) {
    logger.warn('no socket: the path of the folder is too long for one', { folder })
    return { close: () => Promise.resolve() }
  }
  const { log, partitions } = instance.settlement
  const handlers = {
    status: () => instance.status(),
    append: async (request: Request) => {
      const batches = batchesOf(request.batches, partitions)
      if (batches === undefined) {
        throw new FatalFault(wrongUsage, `append: batches of partitions below ${partitions}`)
      }
      await log.append(batches)
      return null
    },
    query: (request: Request) => instance.answer(request),
  }
  return startSocketServer(path, handlers, instance.meter)
}

/** Resolves with the first SIGTERM or SIGINT; the second ends the process at once. */
function firstSignal(logger: Logger): Promise<void> {
  // The command's own handler would end the process at the first one.
  process.removeAllListeners('SIGINT')
  return new Promise((resolve) => {
    let isStopping = false
    const stop = (signal: NodeJS.Signals): void => {
      if (isStopping) process.exit(interrupted)
      isStopping = true
      logger.info('stopping', { signal })
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
