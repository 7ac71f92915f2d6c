/** What was said and heard in a case. */

/** Remembers the beginning of it: nobody needs megabytes of what he sent himself. */
export class Told {
  sent = ''
  received = ''

  said(bytes: string | Uint8Array): void {
    this.sent += typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  }

  heard(bytes: string | Uint8Array): void {
    this.received += typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  }
}
