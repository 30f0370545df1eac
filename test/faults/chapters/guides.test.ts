import { checkFaults } from '../check-faults.ts'
import { guideFaults } from '../tables/guides.ts'

checkFaults('guides', guideFaults)
