import { expect, test } from 'vitest'
import { Progress } from '../../../src/runtime/progress.ts'

test('a waiter is told when its offset is reached, and not before', async () => {
  const progress = new Progress()
  const told: number[] = []
  for (const offset of [0, 5, 9]) progress.reached(offset).then(() => told.push(offset))
  await Promise.resolve()
  expect(told).toEqual([0])
  progress.moveTo(8)
  await Promise.resolve()
  expect(told).toEqual([0, 5])
})

test('a task that starts again takes its progress back', async () => {
  const progress = new Progress()
  progress.moveTo(8)
  progress.moveTo(3)
  let isTold = false
  const waiting = progress.reached(5).then(() => {
    isTold = true
  })
  await Promise.resolve()
  expect(isTold).toBe(false)
  progress.moveTo(5)
  await waiting
})

test('when the partition stops, those who wait and those who come later hear why', async () => {
  const progress = new Progress()
  const waiting = progress.reached(5)
  progress.fail(new Error('first'))
  progress.fail(new Error('second'))
  await expect(waiting).rejects.toThrow('first')
  await expect(progress.reached(0)).rejects.toThrow('first')
})
