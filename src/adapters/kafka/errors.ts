import { FatalFault, Fault, TransientFault } from '../../ports/faults.ts'

/** What is known of an error of kafkajs; everything else of it is text. */
interface Told {
  readonly name: string
  readonly type: string
  readonly code: number | undefined
  readonly message: string
  readonly retriable: boolean
}

/** The reasons behind an error, the outermost first. */
function reasonsOf(error: unknown): Told[] {
  const told: Told[] = []
  let each = error
  while (each instanceof Error && told.length < 8) {
    const { type, code, retriable } = each as Error & Partial<Told>
    told.push({
      name: each.name,
      type: typeof type === 'string' ? type : '',
      code: typeof code === 'number' ? code : undefined,
      message: each.message,
      retriable: retriable === true,
    })
    each = each.cause
  }
  return told
}

const fencedTypes = ['INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING', 'PRODUCER_FENCED']
/** PRODUCER_FENCED, which kafkajs has no name for. */
const producerFenced = 90
const waitingTypes = [
  'CONCURRENT_TRANSACTIONS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
]
/** The broker has forgotten the producer, or what it sent last: a new one may go on. */
const lostTypes = ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID']

/** Another producer of the same transactional id is there. */
export function isFenced(error: unknown): boolean {
  return reasonsOf(error).some(
    ({ type, code, message }) =>
      fencedTypes.includes(type) || code === producerFenced || /error code 90\b/.test(message),
  )
}

/** The coordinator is busy with what came before and has done nothing for this request. */
export function isNotYet(error: unknown): boolean {
  return reasonsOf(error).some(({ type }) => waitingTypes.includes(type))
}

/** The group goes through a new assignment, or has forgotten this member. */
export function isRebalancing(error: unknown): boolean {
  const types = [
    'REBALANCE_IN_PROGRESS',
    'ILLEGAL_GENERATION',
    'UNKNOWN_MEMBER_ID',
    'NOT_COORDINATOR_FOR_GROUP',
  ]
  return reasonsOf(error).some(({ type }) => types.includes(type))
}

/** The same request may succeed a little later. */
export function isRetriable(error: unknown): boolean {
  if (error instanceof Fault) return error.kind === 'transient'
  if (explained(error) !== undefined) return false
  const reasons = reasonsOf(error)
  return reasons.some(
    ({ retriable, name }) =>
      retriable || /Connection|Timeout|Broker|MetadataNotLoaded|LockTimeout/.test(name),
  )
}

/** The offset that was asked for is not in the log. */
export function isOutOfRange(error: unknown): boolean {
  return reasonsOf(error).some(({ type }) => type === 'OFFSET_OUT_OF_RANGE')
}

/** What an error of kafkajs means for who runs this, as a fault. Total. */
export function classifyError(error: unknown, brokers: readonly string[]): Fault {
  if (error instanceof Fault) return error
  const at = `Kafka at ${brokers.join(', ')}`
  const known = explained(error)
  if (known !== undefined) {
    return new FatalFault(known.exitCode, `${at}: ${known.text}`, { cause: error })
  }
  const text = reasonsOf(error).at(-1)?.message ?? String(error)
  const isLost = reasonsOf(error).some(({ type }) => lostTypes.includes(type))
  if (isLost || isFenced(error) || isRetriable(error)) {
    return new TransientFault(`${at}: ${text}`, { cause: error })
  }
  return new FatalFault(1, `${at}: unexpected fault: ${text}`, { cause: error })
}

/** Errors that no retry heals, with what to do. */
function explained(error: unknown): { exitCode: number; text: string } | undefined {
  for (const { name, type, message } of reasonsOf(error)) {
    if (/SASL|Authentication/.test(name) || /SASL/.test(type)) {
      return {
        exitCode: 7,
        text: `the log-in was refused (${message}); check kafkaSasl, kafkaUser and the password`,
      }
    }
    if (/_AUTHORIZATION_FAILED/.test(type)) {
      return {
        exitCode: 7,
        text: `${type}: ${message}; give this user the right (docs/operating.md lists them)`,
      }
    }
    if (/certificate|SSL|TLS|ERR_TLS|self.signed/i.test(message)) {
      return { exitCode: 7, text: `TLS failed: ${message}; check kafkaCa and the brokers` }
    }
    if (/^(MESSAGE|RECORD_LIST)_TOO_LARGE$/.test(type)) {
      return {
        exitCode: 3,
        text: `${type}: ${message}; raise max.message.bytes of the topics to 1048588 or more`,
      }
    }
  }
  return undefined
}
