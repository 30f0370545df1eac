import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMeter } from '../../../../src/adapters/prometheus/prometheus-meter.ts'
import { metricCatalogue } from '../../../../src/app/run/catalogue.ts'
import { type HttpServer, startHttpServer } from '../../../../src/app/run/http-server.ts'

const meter = createMeter(metricCatalogue)
let reasons: string[] = []
let refresh = (): Promise<void> => Promise.resolve()
let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    meter,
    refresh: () => refresh(),
    whyNotReady: () => reasons,
  })
})

afterAll(() => server.close())

async function ask(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  return { status: response.status, headers: response.headers, body: await response.text() }
}

test('/livez says that the process lives', async () => {
  expect(await ask('/livez')).toMatchObject({ status: 200, body: 'alive\n' })
})

test('/readyz says why the instance is not ready', async () => {
  reasons = ['partition 1: LOG_TRUNCATED: gone', 'partition 2: recovering']
  const text = 'partition 1: LOG_TRUNCATED: gone\npartition 2: recovering\n'
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: text })
  reasons = []
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ready\n' })
})

test('/metrics is brought up to date before it is shown, and has the type that scrapers need', async () => {
  refresh = async () => meter.set('settlement_heap_limit_bytes', {}, 77)
  const { status, headers, body } = await ask('/metrics?x=1')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8$/)
  expect(body).toContain('settlement_heap_limit_bytes 77\n')
})

test('metrics that cannot be gathered are a 503, and the server lives on', async () => {
  refresh = () => Promise.reject(new Error('the folder is gone'))
  expect((await ask('/metrics')).status).toBe(503)
  refresh = () => Promise.resolve()
  expect((await ask('/metrics')).status).toBe(200)
})

// biome-ignore format: the columns are a table
const cases = [
  // method   path          status
  ['GET',     '/',          404],
  ['GET',     '/metrics/x', 404],
  ['POST',    '/metrics',   405],
  ['DELETE',  '/livez',     405],
  ['HEAD',    '/livez',     200],
] as const

test.each(cases)('%s %s is a %i', async (method, path, status) => {
  expect((await ask(path, method)).status).toBe(status)
})

test('requests are counted by route and status, never by their path', async () => {
  await ask('/someone/else')
  const { text } = await meter.scrape()
  expect(text).toMatch(
    /request_duration_seconds_count\{http_request_method="GET",http_route="_OTHER",http_response_status_code="404"\} [1-9]/,
  )
  expect(text).not.toContain('someone')
})

test('a port in use is a fault of the settings that says so', async () => {
  const { port } = server
  const parts = { host: '127.0.0.1', meter, refresh, whyNotReady: () => [] }
  await expect(startHttpServer({ ...parts, port })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(`127.0.0.1:${port}: the port is in use`),
  })
})
