import { connect } from 'node:net'
import { FatalFault, Fault, TransientFault } from '../../ports/faults.ts'
import type { OutgoingBatch } from '../../ports/log.ts'
import { SocketLines } from './socket-lines.ts'
import {
  batchesToJson,
  type Last,
  type Request,
  type Response,
  type RunStatus,
  socketPath,
} from './socket-protocol.ts'

const notAllowed = 7

/** Whether `settle run` holds the folder and answers. */
export async function isRunning(folder: string): Promise<boolean> {
  return (await statusOf(folder)) !== undefined
}

/** What the instance that holds the folder says of itself; undefined where there is none. */
export async function statusOf(folder: string): Promise<RunStatus | undefined> {
  const answer = await tryAsk(folder, { request: 'status' })
  return answer as RunStatus | undefined
}

/**
 * Appends batches of `events` through the instance that holds the folder; resolves when they are
 * safe. TransientFault where there is none.
 */
export async function appendThroughSocket(
  folder: string,
  batches: readonly OutgoingBatch[],
): Promise<void> {
  await askRunning(folder, { request: 'append', batches: batchesToJson(batches) })
}

/** Asks the instance that holds the folder. FatalFault where it refuses, with its exit code. */
export async function askRunning(folder: string, request: Request): Promise<unknown> {
  const answer = await tryAsk(folder, request)
  if (answer !== undefined) return answer
  throw new TransientFault(`${folder}: settle run does not answer; was it stopped?`)
}

/**
 * The items of a stream that the instance answers with, no more of them on their way than a socket
 * holds. FatalFault where it refuses, TransientFault where there is none or it ends before its end.
 */
export async function* streamFrom(folder: string, request: Request): AsyncGenerator<unknown> {
  const path = socketPath(folder) ?? ''
  const socket = connect(path)
  const lines = new SocketLines()
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    for await (const bytes of socket as AsyncIterable<Buffer>) {
      for (const line of lines.add(bytes)) {
        const response = JSON.parse(line) as Response
        if (!('items' in response)) return refuse(response)
        yield* response.items
      }
    }
  } catch (error) {
    throw error instanceof Fault ? error : faultOf(error as NodeJS.ErrnoException, path)
  } finally {
    socket.destroy()
  }
  throw new TransientFault(`${path}: closed within an answer; was settle run stopped?`)
}

function refuse(response: Last): void {
  if (!response.ok) throw new FatalFault(response.exitCode, response.message)
}

/** Undefined where nobody listens. */
async function tryAsk(folder: string, request: Request): Promise<unknown> {
  const path = socketPath(folder)
  const response = path === undefined ? undefined : await exchange(path, request)
  if (response === undefined) return undefined
  if (response.ok) return response.result
  throw new FatalFault(response.exitCode, response.message)
}

function exchange(path: string, request: Request): Promise<Last | undefined> {
  return new Promise((resolve, reject) => {
    const lines = new SocketLines()
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (piece: Buffer) => {
      try {
        const [line] = lines.add(piece)
        if (line === undefined) return
        resolve(JSON.parse(line) as Last)
      } catch (error) {
        reject(error)
      }
      socket.end()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
      else reject(faultOf(error, path))
    })
    // Without effect where an answer has come before.
    socket.once('close', () => reject(new TransientFault(`${path}: closed without an answer`)))
  })
}

function faultOf(error: NodeJS.ErrnoException, path: string): Error {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const remedy = 'run this command as the user of settle run'
    return new FatalFault(notAllowed, `${path}: no right to connect; ${remedy}`)
  }
  return new TransientFault(`${path}: ${error.message}`)
}
