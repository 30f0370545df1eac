import { expect, test } from 'vitest'
import { settings } from '../../../../src/app/settings.ts'
import { exists, pathsIn, readFiles } from '../../../support/sources.ts'

// No engine builds the image here, so its text is held against what it names.

const dockerfile = textOf('Dockerfile')
const ignored = textOf('.dockerignore').split('\n')
const { version, files, bin, license } = JSON.parse(textOf('package.json'))

function textOf(path: string): string {
  return readFiles([path])[0]?.text ?? ''
}

/** Instructions with their arguments, lines that go on joined. */
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    return { name, rest }
  })

function all(name: string): string[] {
  return instructions.filter((each) => each.name === name).map(({ rest }) => rest)
}

test('all stages come from one image of Debian, never from Alpine', () => {
  const images = all('FROM').map((rest) => rest.split(' ')[0])
  expect(images).toHaveLength(3)
  expect(new Set(images)).toEqual(new Set(['node:24-bookworm-slim']))
})

test('everything that is copied from the context is there and not ignored', () => {
  const copied = all('COPY')
    .filter((rest) => !rest.startsWith('--from='))
    .flatMap((rest) => rest.split(' ').slice(0, -1))
    .map((path) => path.replace(/^\.\//, ''))
  expect(copied.length).toBeGreaterThan(8)
  expect(copied.filter((path) => !exists(path))).toEqual([])
  expect(copied.filter((path) => !ignored.includes(`!${path}`))).toEqual([])
})

test('what the package ships is in the image', () => {
  const shipped = (files as string[]).filter((path) => !path.startsWith('!'))
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM'))
  expect(shipped.filter((path) => !last.includes(path))).toEqual([])
})

test('dependencies are installed as locked, without scripts and without those of development', () => {
  const installs = all('RUN').filter((rest) => rest.includes('npm'))
  expect(installs).toEqual(['npm ci --ignore-scripts', 'npm ci --omit=dev --ignore-scripts'])
})

test('it runs the command of the package as a user without rights, with a volume for its state', () => {
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
  const find = (name: string) => last.filter((each) => each.name === name).map(({ rest }) => rest)
  expect(find('USER')).toEqual(['node'])
  expect(find('ENTRYPOINT')).toEqual([`["node", "/opt/settlestream/${bin.settle}"]`])
  expect(find('CMD')).toEqual(['["run"]'])
  const [volume] = find('VOLUME')
  expect(find('ENV')[0]).toContain(`${settings.state.variable}=${volume} `)
  expect(find('STOPSIGNAL')).toEqual(['SIGTERM'])
  const shells = last.filter(({ name, rest }) => /^(CMD|ENTRYPOINT)$/.test(name) && rest[0] !== '[')
  expect(shells).toEqual([])
})

test('the health check is a file of the build, asks the port that is exposed, and needs no shell', () => {
  const [check] = all('HEALTHCHECK')
  expect(check).toContain('CMD ["node", "/opt/settlestream/dist/app/healthcheck.js"]')
  expect(exists('src/app/healthcheck.ts')).toBe(true)
  expect(all('EXPOSE')).toEqual([String(settings.port.default)])
  expect(all('ENV')[0]).toContain(`${settings.port.variable}=${settings.port.default}`)
})

test('every variable of the image is a setting', () => {
  const variables = [...(all('ENV')[0] ?? '').matchAll(/\b(SETTLE_\w+)=/g)].map(([, name]) => name)
  const known: string[] = Object.values(settings).map(({ variable }) => variable)
  expect(variables.filter((name) => !known.includes(name as string))).toEqual([])
})

test('labels say what the package says of itself', () => {
  expect(all('ARG')).toContain(`VERSION=${version}`)
  expect(all('LABEL')[0]).toContain(`org.opencontainers.image.licenses="${license}"`)
})

test('nothing is sent to the build that it does not copy', () => {
  expect(ignored).toContain('*')
  const copied = all('COPY').join(' ')
  const kept = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(kept.filter((path) => !copied.includes(path))).toEqual([])
  expect(pathsIn('').includes('Dockerfile')).toBe(true)
})
