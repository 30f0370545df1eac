import type { Fault } from '../fault.ts'

const runtime = 'test/unit/runtime'

/**
 * Of the commit protocol, on which "billed exactly once" rests. More mistakes of it, made by ports
 * that misbehave, are planted in the simulator (`../../simulation/planted-bugs.ts`).
 */
export const engineFaults: readonly Fault[] = [
  {
    feature: 'F11',
    name: 'the store is written before the commit',
    file: 'src/runtime/partition-task.ts',
    find: "    failpoints.reach('transaction:before')\n",
    replace: "    this.writer.add(draft)\n    failpoints.reach('transaction:before')\n",
    test: `${runtime}/partition-task.test.ts`,
    grave: true,
  },
  {
    feature: 'F11',
    name: 'a commit that another owner fenced counts as done',
    file: 'src/runtime/partition-task.ts',
    find: "if (result === 'fenced') throw",
    replace: 'if (result !== result) throw',
    test: `${runtime}/partition-task.test.ts`,
  },
  {
    feature: 'F11',
    name: 'a step inside a tick is skipped after a commit',
    file: 'src/runtime/draft.ts',
    find: '} else this.moveTo(offset, this.step + 1)',
    replace: '} else this.moveTo(offset, this.step + (this.folded > 1 ? 1 : 2))',
    test: `${runtime}/partition-task.test.ts`,
    grave: true,
  },
  {
    feature: 'F11',
    name: 'the checksum of a row is not verified',
    file: 'src/runtime/checked-store.ts',
    find: 'if (readChecksum(stored, length) !== this.checksum(key, stored, length)) {',
    replace: 'if (readChecksum(stored, length) < 0) {',
    test: `${runtime}/checked-store.test.ts`,
    grave: true,
  },
  {
    feature: 'F11',
    name: 'a fold that does otherwise the second time goes on',
    file: 'src/runtime/recover.ts',
    find: 'if (found[name] === left[name]) continue',
    replace: 'if (found[name] !== undefined) continue',
    test: `${runtime}/recover.test.ts`,
  },
  {
    feature: 'F11',
    name: 'what is folded again after a crash is sent again',
    file: 'src/runtime/partition-task.ts',
    find: '      draft.emissions.silence(true)\n',
    replace: '',
    test: `${runtime}/recover.test.ts`,
  },
  {
    feature: 'Snapshots and replay',
    name: 'a manifest that is not the one that was verified is taken',
    file: 'src/adapters/snapshots/manifest.ts',
    find: 'if (seal !== undefined && seal !== sha256Of(text)) {',
    replace: 'if (seal === text) {',
    test: 'test/unit/adapters/snapshots/manifest.test.ts',
  },
]
