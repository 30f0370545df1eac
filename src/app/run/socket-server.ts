import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { FatalFault, Fault } from '../../ports/faults.ts'
import type { RunMeter } from './catalogue.ts'
import { SocketLines } from './socket-lines.ts'
import type { Last, Request } from './socket-protocol.ts'

/**
 * What answers each kind of request, with a result or with items that are sent as they are taken; a
 * FatalFault is told with its exit code.
 */
export type Handlers = Readonly<
  Record<string, (request: Request) => Promise<unknown> | AsyncIterable<unknown>>
>

/** Sends a text; false where nobody is there to take more. */
type Send = (text: string) => Promise<boolean>

export interface SocketServer {
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>
}

const [internalFault, wrongUsage, away] = [1, 2, 5]
/** Characters of items that go in one piece. */
const pieceLength = 64 * 1024
/** Milliseconds in which somebody who asked must take a piece. */
const patience = 60_000
const stopping: Last = { ok: false, exitCode: away, message: 'settle run is stopping' }

/**
 * Listens on a path that this process may take: it holds the folder's lock, so a socket that is
 * there already is what a process that was killed has left.
 */
export async function startSocketServer(
  path: string,
  handlers: Handlers,
  meter: RunMeter,
): Promise<SocketServer> {
  rmSync(path, { force: true })
  const connections = new Set<Connection>()
  const server = createServer((socket) => {
    const connection = new Connection(socket, (line, send) =>
      answer(line, { handlers, meter, send }),
    )
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  })
  await listen(server, path)
  return {
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      for (const connection of connections) connection.finish()
      await closed
    },
  }
}

function listen(server: Server, path: string): Promise<void> {
  // Nobody else may connect, not even between binding and setting the mode.
  const mask = process.umask(0o177)
  return new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new FatalFault(7, `${path}: no socket can be made there (${error.message})`)),
    )
    server.listen(path, () => {
      chmodSync(path, 0o600)
      resolve()
    })
  }).finally(() => process.umask(mask))
}

/** Requests of one connection are answered one after another. */
class Connection {
  private readonly socket: Socket
  private readonly answer: (line: string, send: Send) => Promise<Last>
  private readonly lines = new SocketLines()
  private last: Promise<void> = Promise.resolve()
  private isFinished = false
  private isWaiting = false

  constructor(socket: Socket, answer: (line: string, send: Send) => Promise<Last>) {
    this.socket = socket
    this.answer = answer
    socket.on('data', (piece: Buffer) => this.take(piece))
    // Whoever went away needs no answer.
    socket.on('error', () => socket.destroy())
  }

  finish(): void {
    this.isFinished = true
    // Who does not take what was sent would hold up the end.
    if (this.isWaiting) this.socket.destroy()
    void this.last.then(() => this.socket.end())
  }

  private take(piece: Buffer): void {
    try {
      for (const line of this.lines.add(piece)) {
        this.last = this.last.then(() => this.reply(line))
      }
    } catch (error) {
      this.send({ ok: false, exitCode: wrongUsage, message: (error as Error).message })
      this.socket.end()
    }
  }

  private async reply(line: string): Promise<void> {
    const send: Send = (text) => this.sendPiece(text)
    this.send(this.isFinished ? stopping : await this.answer(line, send))
  }

  /** Waits until it is taken. */
  private async sendPiece(text: string): Promise<boolean> {
    const { socket } = this
    if (this.isFinished || socket.destroyed) return false
    if (!socket.write(text)) {
      this.isWaiting = true
      socket.setTimeout(patience, () => socket.destroy())
      await new Promise<void>((resolve) => {
        socket.once('drain', resolve)
        socket.once('close', () => resolve())
      })
      socket.setTimeout(0)
      this.isWaiting = false
    }
    return !this.isFinished && !socket.destroyed
  }

  private send(response: Last): void {
    if (!this.socket.destroyed) this.socket.write(`${JSON.stringify(response)}\n`)
  }
}

interface Answering {
  readonly handlers: Handlers
  readonly meter: RunMeter
  readonly send: Send
}

async function answer(line: string, { handlers, meter, send }: Answering): Promise<Last> {
  const request = parse(line)
  const name = request?.request ?? ''
  const known = (['status', 'append', 'query'] as const).find((each) => each === name) ?? 'other'
  const response = await handle(request, handlers, send)
  const outcome = response.ok ? 'answered' : 'refused'
  meter.add('settlement_socket_requests_total', { request: known, outcome }, 1)
  return response
}

async function handle(request: Request | undefined, handlers: Handlers, send: Send): Promise<Last> {
  if (request === undefined) {
    return { ok: false, exitCode: wrongUsage, message: 'a request is a line of JSON' }
  }
  const handler = Object.hasOwn(handlers, request.request) ? handlers[request.request] : undefined
  if (handler === undefined) {
    const names = Object.keys(handlers).join(', ')
    const message = `${request.request}: there is no such request; there are ${names}`
    return { ok: false, exitCode: wrongUsage, message }
  }
  try {
    const answered = handler(request)
    if (Symbol.asyncIterator in answered) return await stream(answered, send)
    return { ok: true, result: await answered }
  } catch (error) {
    return { ok: false, exitCode: exitCodeOf(error), message: (error as Error).message }
  }
}

/** Sends items in pieces, one after the other is taken. */
async function stream(items: AsyncIterable<unknown>, send: Send): Promise<Last> {
  let texts: string[] = []
  let length = 0
  const sendPiece = (): Promise<boolean> => {
    const text = `{"ok":true,"items":[${texts.join(',')}]}\n`
    texts = []
    length = 0
    return send(text)
  }
  for await (const item of items) {
    const text = JSON.stringify(item)
    texts.push(text)
    length += text.length
    if (length >= pieceLength && !(await sendPiece())) return stopping
  }
  if (length > 0) await sendPiece()
  return { ok: true, result: null }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof FatalFault) return error.exitCode
  return error instanceof Fault ? away : internalFault
}

function parse(line: string): Request | undefined {
  try {
    const request: unknown = JSON.parse(line)
    const isRequest = typeof request === 'object' && request !== null && 'request' in request
    return isRequest && typeof request.request === 'string' ? (request as Request) : undefined
  } catch {
    return undefined
  }
}
