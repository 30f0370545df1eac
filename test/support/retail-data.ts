import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The public retail set's files, a month each and in order, or why they cannot be had here. */
export type RetailData =
  | { readonly months: readonly string[]; readonly missing?: undefined }
  | { readonly months?: undefined; readonly missing: string }

const repository = resolve(import.meta.dirname, '../..')

/** Looks in `SETTLE_RETAIL_DATA`, else in `shared/data/online-retail` beside the repository. */
export function retailData(): RetailData {
  const folder = process.env.SETTLE_RETAIL_DATA ?? join(repository, '../shared/data/online-retail')
  const months = ['2010-12', '2011-01', '2011-02'].map((month) => join(folder, `${month}.csv.gz`))
  const absent = months.filter((path) => !existsSync(path))
  if (absent.length === 0) return { months }
  const remedy = 'set SETTLE_RETAIL_DATA to the folder of 2010-12.csv.gz … 2011-02.csv.gz'
  return { missing: `the public retail set is not here (${absent[0]}): ${remedy}` }
}
