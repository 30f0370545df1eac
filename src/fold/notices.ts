import type { Instant } from '../domain/calendar/calendar.ts'
import type { FoldContext } from './context.ts'
import type { NoticeFact, NoticeKind } from './emissions.ts'

/** A notice about a party, or with `partyId` null about a broadcast record. */
export interface NoticeOf {
  readonly kind: NoticeKind
  readonly subject: string
  readonly partyId: string | null
  readonly statementId?: string
  readonly at: Instant
  readonly facts: readonly NoticeFact[]
}

/** Tells people; every partition has its copy of a broadcast record, and one of them speaks. */
export function giveNotice({ emit, partition }: FoldContext, notice: NoticeOf): void {
  const { kind, subject, partyId, at, facts } = notice
  if (partyId === null && partition !== 0) return
  const statementId = notice.statementId ?? null
  const noticeId = `${kind}:${subject}:${at}`
  emit.notice({ noticeId, kind, partyId, statementId, at, facts })
}
