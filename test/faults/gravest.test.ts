import { allFaults } from './all-faults.ts'
import { checkFaults } from './check-faults.ts'

// A dozen of all: `npm run test:faults` plants every one.
checkFaults(
  'the gravest',
  allFaults.filter(({ grave }) => grave === true),
)
