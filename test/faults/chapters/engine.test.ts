import { checkFaults } from '../check-faults.ts'
import { engineFaults } from '../tables/engine.ts'

checkFaults('engine', engineFaults)
