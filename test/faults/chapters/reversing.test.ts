import { checkFaults } from '../check-faults.ts'
import { reversingFaults } from '../tables/reversing.ts'

checkFaults('reversing', reversingFaults)
