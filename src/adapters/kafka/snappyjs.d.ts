declare module 'snappyjs' {
  export function uncompress(bytes: Buffer): Buffer
}
