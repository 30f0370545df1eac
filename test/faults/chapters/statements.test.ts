import { checkFaults } from '../check-faults.ts'
import { statementFaults } from '../tables/statements.ts'

checkFaults('statements', statementFaults)
