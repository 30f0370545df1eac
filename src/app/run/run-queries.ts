import { createOutputReader } from '../../adapters/avro/output-reader.ts'
import { createEventWriter } from '../../adapters/json-lines/event-writer.ts'
import { TransientFault } from '../../ports/faults.ts'
import type { Store } from '../../ports/store.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { type Settlement, schemasFolder } from '../compose.ts'
import { answerQuestion } from '../queries/answer-question.ts'
import { FolderQueries } from '../queries/folder-queries.ts'
import type { Request } from './socket-protocol.ts'

/** The stores of the running tasks by partition; that of a task that is over is closed. */
export type OpenStores = Map<number, Store>

/** Answers under way at a time: each may read the whole log and hold some of it. */
const mostAnswers = 4
/** Lines held for one of them: some 10 MB. */
const linesHeld = 100_000

/** What read commands ask of the instance that holds the log. */
export class RunQueries {
  private readonly settlement: Settlement
  private readonly stores: OpenStores
  private readonly caughtUp: () => Promise<void>
  private readonly reader = createOutputReader(schemasFolder)
  private readonly writer = createEventWriter(schemasFolder)
  private underWay = 0

  constructor(settlement: Settlement, stores: OpenStores, caughtUp: () => Promise<void>) {
    this.settlement = settlement
    this.stores = stores
    this.caughtUp = caughtUp
  }

  /**
   * Items, from what the log holds when it is asked. TransientFault: too many ask, or a store is
   * not open.
   */
  async *answer({ question, given }: Request): AsyncGenerator<unknown> {
    if (this.underWay >= mostAnswers) {
      throw new TransientFault(`settle run is answering ${mostAnswers} queries; try again`)
    }
    this.underWay += 1
    try {
      await this.caughtUp()
      yield* answerQuestion(this.queries(), question, given)
    } finally {
      this.underWay -= 1
    }
  }

  private queries(): FolderQueries {
    const { log, codec, partitions } = this.settlement
    const stores = Array.from({ length: partitions }, (_, partition) => {
      const store = this.stores.get(partition)
      if (store !== undefined) return new CheckedStore(store)
      throw new TransientFault(`partition ${partition} is recovering; try again`)
    })
    const close = (): Promise<void> => Promise.resolve()
    return new FolderQueries({
      log,
      codec,
      stores,
      reader: this.reader,
      writer: this.writer,
      isLive: true,
      linesHeld,
      close,
    })
  }
}
