import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, titleOf } from './fault.ts'
import { Workshop } from './plant.ts'

/** Plants each of the faults and expects its test to notice. */
export function checkFaults(title: string, faults: readonly Fault[]): void {
  describe(title, () => {
    let workshop: Workshop

    beforeAll(async () => {
      workshop = await Workshop.open()
    })
    afterAll(() => workshop.close())

    test('without a fault all the tests pass', async () => {
      expect(await workshop.complaints(faults)).toEqual([])
    })

    test.each(faults.map((fault) => [titleOf(fault), fault] as const))('%s', async (_, fault) => {
      expect(await workshop.plant(fault)).toBe('noticed')
    })

    // A fault that stayed would be noticed in place of those after it.
    test('and none of them stays', async () => {
      expect(await workshop.complaints(faults.slice(-1))).toEqual([])
    })
  })
}
