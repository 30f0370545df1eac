import { checkFaults } from '../check-faults.ts'
import { otherFaults } from '../tables/others.ts'

checkFaults('others', otherFaults)
