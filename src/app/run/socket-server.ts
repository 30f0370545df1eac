import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { FatalFault, Fault } from '../../ports/faults.ts'
import type { RunMeter } from './catalogue.ts'
import { SocketLines } from './socket-lines.ts'
import type { Request, Response } from './socket-protocol.ts'

/** What answers each kind of request; a FatalFault is told with its exit code. */
export type Handlers = Readonly<Record<string, (request: Request) => Promise<unknown>>>

export interface SocketServer {
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>
}

const [internalFault, wrongUsage, away] = [1, 2, 5]

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
    const connection = new Connection(socket, (line) => answer(line, handlers, meter))
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
  private readonly answer: (line: string) => Promise<Response>
  private readonly lines = new SocketLines()
  private last: Promise<void> = Promise.resolve()
  private isFinished = false

  constructor(socket: Socket, answer: (line: string) => Promise<Response>) {
    this.socket = socket
    this.answer = answer
    socket.on('data', (piece: Buffer) => this.take(piece))
    // Whoever went away needs no answer.
    socket.on('error', () => socket.destroy())
  }

  finish(): void {
    this.isFinished = true
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
    const stopping = { ok: false, exitCode: away, message: 'settle run is stopping' } as const
    this.send(this.isFinished ? stopping : await this.answer(line))
  }

  private send(response: Response): void {
    if (!this.socket.destroyed) this.socket.write(`${JSON.stringify(response)}\n`)
  }
}

async function answer(line: string, handlers: Handlers, meter: RunMeter): Promise<Response> {
  const request = parse(line)
  const name = request?.request ?? ''
  const known = (['status', 'append', 'query'] as const).find((each) => each === name) ?? 'other'
  const response = await handle(request, handlers)
  const outcome = response.ok ? 'answered' : 'refused'
  meter.add('settlement_socket_requests_total', { request: known, outcome }, 1)
  return response
}

async function handle(request: Request | undefined, handlers: Handlers): Promise<Response> {
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
    return { ok: true, result: await handler(request) }
  } catch (error) {
    return { ok: false, exitCode: exitCodeOf(error), message: (error as Error).message }
  }
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
