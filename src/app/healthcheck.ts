import { get } from 'node:http'
import { readEnvironment } from './read-settings.ts'
import { settings } from './settings.ts'

// Asks `/livez` of the instance in the same container, and ends with 0 or 1: what an image can call
// that has no shell. It knows the settings of the environment, not those of flags.

const own = readEnvironment().settings
const host = own[settings.host.variable] ?? settings.host.default
const port = Number(own[settings.port.variable] ?? settings.port.default)
const everywhere = ['0.0.0.0', '::']

const request = get(
  { host: everywhere.includes(host) ? '127.0.0.1' : host, port, path: '/livez', timeout: 3_000 },
  (response) => {
    response.resume()
    process.exitCode = response.statusCode === 200 ? 0 : 1
  },
)
request.on('timeout', () => request.destroy())
request.on('error', () => {
  process.exitCode = 1
})
