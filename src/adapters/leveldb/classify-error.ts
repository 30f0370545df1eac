import { CorruptState, FatalFault, Fault } from '../../ports/faults.ts'

/** What LevelDB threw about the store in `folder`, as the fault that names its recovery. Total. */
export function classifyError(error: unknown, folder: string): Fault {
  if (error instanceof Fault) return error
  const { code, message } = rootOf(error)
  const options = { cause: error }
  if (code === 'LEVEL_LOCKED' || code === 'LEVEL_STATUS_LOCKED') {
    return new FatalFault(
      9,
      `${folder}: another process has this store open; stop it or use another state folder`,
      options,
    )
  }
  if (
    code === 'LEVEL_CORRUPTION' ||
    /^Corruption: |create_if_missing|ldb: Invalid argument/.test(message)
  ) {
    return new CorruptState(`${folder}: the store is damaged: ${message}`, options)
  }
  if (code.endsWith('_NOT_OPEN'))
    return new FatalFault(1, `${folder}: the store is closed`, options)
  if (/ENOSPC|No space left/.test(message + code)) {
    return new FatalFault(
      9,
      `${folder}: the disk is full; free some space and start again`,
      options,
    )
  }
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only/.test(message + code)) {
    return new FatalFault(
      7,
      `${folder}: no right to write here; give this user the folder or use another`,
      options,
    )
  }
  if (code === 'LEVEL_IO_ERROR') {
    return new FatalFault(9, `${folder}: the store cannot be read or written: ${message}`, options)
  }
  return new FatalFault(1, `${folder}: unexpected fault of the store: ${message}`, options)
}

/** classic-level wraps the reason why a database did not open in an error that says only that. */
function rootOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  if (error.cause instanceof Error) return rootOf(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { code, message: error.message }
}
