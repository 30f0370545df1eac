import type { Place } from '../document/place.ts'
import { refuseClashes } from '../document/validity.ts'
import { checkTerms, type DatedTerms, type TermsOptions } from '../parties/check-terms.ts'
import { matchText, readMatch } from './check-match.ts'
import type { ContractTemplate, Match } from './rule-book.ts'

/** A template that could be read, with its place for naming its sections. */
export interface TemplateDraft {
  readonly match: Match
  readonly dated: DatedTerms
}

/** Reads the contract templates; they know a party by nothing but its id. */
export function checkTemplates(
  place: Place | undefined,
  options: TermsOptions,
): readonly TemplateDraft[] {
  const drafts: TemplateDraft[] = []
  for (const item of place?.list() ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const match = readMatch(fields.required('match', 'write {} for every party'), ['partyId'])
    const contract = fields.required('contract')?.fields()
    const dated = contract && checkTerms(contract, options)
    contract?.close()
    fields.close()
    if (match !== undefined && dated !== undefined) drafts.push({ match, dated })
  }
  refuseTemplateClashes(drafts)
  return drafts
}

/** The template of a draft without problems. */
export function compileTemplate({ match, dated }: TemplateDraft): ContractTemplate {
  const { validFrom, validTo, terms } = dated
  return { match, validFrom, validTo, terms }
}

/** With one match and one time, nothing would say which of two templates applies. */
function refuseTemplateClashes(drafts: readonly TemplateDraft[]): void {
  const sequences = new Map<string, DatedTerms[]>()
  for (const { match, dated } of drafts) {
    const key = matchText(match)
    const sequence = sequences.get(key) ?? []
    sequence.push(dated)
    sequences.set(key, sequence)
  }
  for (const sequence of sequences.values()) {
    refuseClashes(sequence, { what: 'match', gaps: false })
  }
}
