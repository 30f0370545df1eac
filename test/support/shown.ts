import type { Json, World } from './world.ts'

/** The statements of a world by id without the party: status, number, total. */
export async function shownStatements(world: World): Promise<Record<string, string>> {
  const shown: Record<string, string> = {}
  for (const statement of await world.statements()) {
    const [, ...rest] = String(statement.statementId).split('/')
    const number = statement.number === undefined ? '' : ` ${statement.number}`
    shown[rest.join('/')] = `${statement.status}${number} ${statement.total}`
  }
  return shown
}

/** The statement of this id, or of the only one that ends so. */
export async function statementOf(world: World, end: string): Promise<Json> {
  const found = (await world.statements()).filter(({ statementId }) =>
    String(statementId).endsWith(end),
  )
  if (found.length !== 1) throw new Error(`${found.length} statements end with ${end}`)
  return found[0] as Json
}

/** The goods lines of a world: order, amount, period of the statement, origin period. */
export function goodsLines(world: World): string[] {
  return world
    .lines()
    .filter(({ feeType }) => feeType === 'GOODS_PAYMENT')
    .map(({ orderId, amount, statementId, originPeriod }) => {
      const period = String(statementId).split('/').slice(1).join('/')
      return [orderId, amount, period, originPeriod].filter((part) => part).join(' ')
    })
}

/** What was rejected, as `eventId CODE`. */
export function codes(world: World): string[] {
  return world.rejections().map(({ eventId, code }) => `${eventId} ${code}`)
}
