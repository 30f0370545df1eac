import fc from 'fast-check'
import { test } from 'vitest'
import { ArrivalQueue } from '../../../../src/adapters/generator/arrival-queue.ts'

// Equal arrivals keep the order of their pushes, so the stream hangs on nothing but the seed.
test('events come out by arrival, equal ones as they were pushed', () => {
  const arrivals = fc.array(fc.nat(20), { maxLength: 60 })
  fc.assert(
    fc.property(arrivals, (instants) => {
      const queue = new ArrivalQueue()
      const pushed = instants.map((at, index) => {
        return { at, event: { type: 'T', eventId: `${index}`, occurredAt: '' } }
      })
      for (const arrival of pushed) queue.push(arrival)
      const popped: string[] = []
      while (queue.nextAt !== undefined) popped.push(queue.pop()?.eventId ?? '')
      const sorted = [...pushed].sort((a, b) => a.at - b.at).map(({ event }) => event.eventId)
      return popped.join() === sorted.join() && queue.pop() === undefined
    }),
  )
})
