import { checkFaults } from '../check-faults.ts'
import { billingFaults } from '../tables/billing.ts'

checkFaults('billing', billingFaults)
