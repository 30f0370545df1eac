import { longestLine } from './socket-protocol.ts'

/** Cuts what arrives at a socket into lines; the text of a line may come in many pieces. */
export class SocketLines {
  private pieces: Buffer[] = []
  private length = 0

  /** The lines that are complete with this piece. RangeError where one is too long. */
  add(piece: Buffer): string[] {
    const lines: string[] = []
    let start = 0
    for (;;) {
      const end = piece.indexOf(0x0a, start)
      if (end < 0) break
      this.keep(piece.subarray(start, end))
      lines.push(Buffer.concat(this.pieces).toString('utf8'))
      this.pieces = []
      this.length = 0
      start = end + 1
    }
    this.keep(piece.subarray(start))
    return lines
  }

  private keep(piece: Buffer): void {
    if (piece.length === 0) return
    this.length += piece.length
    if (this.length > longestLine) throw new RangeError(`a line has over ${longestLine} bytes`)
    this.pieces.push(piece)
  }
}
