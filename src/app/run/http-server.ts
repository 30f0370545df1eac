import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FatalFault } from '../../ports/faults.ts'
import type { RunMeter } from './catalogue.ts'

// Metrics and health, for machines: three paths, read-only, without any state of their own.

export interface HttpParts {
  readonly host: string
  readonly port: number
  readonly meter: RunMeter
  /** Brings gauges up to date before a scrape. */
  readonly refresh: () => Promise<void>
  /** Why the instance is not ready; none: it is. */
  readonly whyNotReady: () => readonly string[]
}

export interface HttpServer {
  /** The port it listens on. */
  readonly port: number
  close(): Promise<void>
}

interface Answer {
  readonly status: '200' | '404' | '405' | '503'
  readonly contentType: string
  readonly body: string
}

const [invalid, notAllowed] = [3, 7]
const plain = 'text/plain; charset=utf-8'
const routes = ['/metrics', '/livez', '/readyz'] as const

/** Listens; FatalFault where the address cannot be had. */
export async function startHttpServer(parts: HttpParts): Promise<HttpServer> {
  const server = createServer(
    { maxHeaderSize: 8_192, requestTimeout: 10_000 },
    (request, response) => {
      void serve(parts, request, response)
    },
  )
  server.headersTimeout = 5_000
  server.maxConnections = 64
  await listen(server, parts)
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, { host, port }: HttpParts): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(faultOf(error, { host, port })))
    server.listen({ host, port }, resolve)
  })
}

function faultOf(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
): FatalFault {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    const remedy = 'give another one with --port, or 0 for any that is free'
    return new FatalFault(invalid, `${where}: the port is in use; ${remedy}`)
  }
  if (error.code === 'EACCES') {
    const remedy = 'give one from 1024 on with --port'
    return new FatalFault(notAllowed, `${where}: no right to listen on this port; ${remedy}`)
  }
  return new FatalFault(invalid, `${where}: cannot listen there (${error.message}); check --host`)
}

async function serve(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const began = performance.now()
  const route = routes.find((each) => each === pathOf(request)) ?? '_OTHER'
  const { method } = request
  const known = method === 'GET' || method === 'HEAD' ? method : '_OTHER'
  const { status, contentType, body } = await answer(parts, route, known)
  response.writeHead(Number(status), {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === '405' ? { allow: 'GET, HEAD' } : {}),
  })
  response.end(known === 'HEAD' ? undefined : body)
  parts.meter.observe(
    'http_server_request_duration_seconds',
    { http_request_method: known, http_route: route, http_response_status_code: status },
    (performance.now() - began) / 1_000,
  )
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] as string
}

async function answer(
  parts: HttpParts,
  route: (typeof routes)[number] | '_OTHER',
  method: 'GET' | 'HEAD' | '_OTHER',
): Promise<Answer> {
  if (route === '_OTHER') return text('404', `there are ${routes.join(', ')}\n`)
  if (method === '_OTHER') return text('405', 'only GET and HEAD\n')
  if (route === '/livez') return text('200', 'alive\n')
  if (route === '/readyz') return readiness(parts.whyNotReady())
  try {
    await parts.refresh()
    const scrape = await parts.meter.scrape()
    return { status: '200', contentType: scrape.contentType, body: scrape.text }
  } catch {
    return text('503', 'the metrics cannot be gathered at this moment\n')
  }
}

function readiness(reasons: readonly string[]): Answer {
  if (reasons.length === 0) return text('200', 'ready\n')
  return text('503', `${reasons.join('\n')}\n`)
}

function text(status: Answer['status'], body: string): Answer {
  return { status, contentType: plain, body }
}
