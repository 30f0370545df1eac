import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 60_000, hookTimeout: 60_000 }

// check: seconds, no processes. slow: real data, kills, scenarios. Only by hand: faults, campaign.
export default defineConfig({
  test: {
    // One worker a core: what vitest leaves idle for watching is not needed here.
    maxWorkers: '100%',
    reporters: ['default', './test/support/plain-reporter.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'check',
          include: ['test/{unit,property,contract,simulation}/**/*.test.ts', 'test/tidy.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'slow',
          include: [
            'test/{golden,e2e,integration}/**/*.test.ts',
            'test/faults/*.test.ts',
            'test/property/{party-life,stream-independence}.test.ts',
          ],
          env: { PROPERTY_SCALE: '6' },
          testTimeout: 600_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'faults',
          include: ['test/faults/chapters/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'campaign',
          include: ['test/campaign/**/*.test.ts'],
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
