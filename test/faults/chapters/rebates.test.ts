import { checkFaults } from '../check-faults.ts'
import { rebateFaults } from '../tables/rebates.ts'

checkFaults('rebates', rebateFaults)
