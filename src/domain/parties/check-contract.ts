import { type Fields, Place, type Problem } from '../document/place.ts'
import { checkTerms, type TermsOptions } from './check-terms.ts'
import type { Contract } from './contract.ts'

/** What the event that carries a contract says about it. */
export interface ContractOptions extends TermsOptions {
  readonly contractId: string
  readonly partyId: string
  readonly version: number
}

/** Every problem of a contract; the contract only when there is none. */
export interface CheckedContract {
  readonly problems: readonly Problem[]
  readonly contract: Contract | undefined
}

/** Checks the contract of a ContractSigned or ContractAmended event. */
export function checkContract(document: unknown, options: ContractOptions): CheckedContract {
  const problems: Problem[] = []
  const fields = new Place(document, problems).fields()
  if (fields === undefined) return { problems, contract: undefined }
  refuseOther(fields, 'contractId', options.contractId)
  refuseOther(fields, 'partyId', options.partyId)
  refuseOther(fields, 'version', options.version)
  const dated = checkTerms(fields, options)
  fields.close()
  if (dated === undefined || problems.length > 0) return { problems, contract: undefined }
  const { contractId, version } = options
  const { validFrom, validTo, terms } = dated
  return { problems, contract: { contractId, version, validFrom, validTo, terms } }
}

/** The document may repeat what its event says, and may not say otherwise. */
function refuseOther(fields: Fields, key: string, said: string | number): void {
  const place = fields.optional(key)
  if (place === undefined || place.value === said) return
  place.refuse(`must be absent or the event's ${key}, ${said}`)
}
