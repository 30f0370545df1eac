// biome-ignore lint/performance/noBarrelFile: the entry moved to the domain; its importers follow.
export { EntryDraft } from '../domain/statements/entry.ts'
