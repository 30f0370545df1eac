// Metrics: a catalogue says which there are, a meter counts. Everything that counts does so once
// per batch, commit or write, never per event.
//
//   N1. A name or label value that is not in the catalogue does not compile.
//   N2. No party, order, statement or rule is ever a label: a label is an enumeration, a partition,
//       or a text of which one value at a time is shown.

/** Which metrics there are, by name. */
export type Catalogue = Readonly<Record<string, Instrument>>

export interface Instrument {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: Readonly<Record<string, LabelDomain>>
  readonly unit: string
  /** One sentence, shown to whoever reads the scrape. */
  readonly help: string
  /** What the metric is looked at for. */
  readonly why: string
  /** Upper bounds, of histograms only. */
  readonly buckets?: readonly number[]
}

/** The values of a label: these, the number of a partition, or one text at a time. */
export type LabelDomain = readonly string[] | 'partition' | 'text'

type LabelValue<Domain extends LabelDomain> = Domain extends readonly (infer Value)[]
  ? Value
  : Domain extends 'partition'
    ? number
    : string

/** What must be said with a value of an instrument. */
export type LabelsOf<I extends Instrument> = {
  readonly [Label in keyof I['labels']]: LabelValue<I['labels'][Label]>
}

/** The names of one type in a catalogue. */
export type NamesOf<C extends Catalogue, Type extends Instrument['type']> = {
  [Name in keyof C & string]: C[Name]['type'] extends Type ? Name : never
}[keyof C & string]

/** Where numbers go. Every enumerated combination of labels stands at 0 from the start. */
export interface Meter<C extends Catalogue> {
  add<Name extends NamesOf<C, 'counter'>>(name: Name, labels: LabelsOf<C[Name]>, by: number): void
  set<Name extends NamesOf<C, 'gauge'>>(name: Name, labels: LabelsOf<C[Name]>, to: number): void
  observe<Name extends NamesOf<C, 'histogram'>>(
    name: Name,
    labels: LabelsOf<C[Name]>,
    value: number,
  ): void
  /** Takes all series of a gauge away, such as those of partitions that are not ours any more. */
  clear(name: NamesOf<C, 'gauge'>): void
  /** All metrics in the text format, with the content type that it must be served with. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>
}
