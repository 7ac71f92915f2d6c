/** A certificate authority that lives for one test file: its certificate, and those it gives to servers. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Pair {
  readonly key: string
  readonly cert: string
}

export class Authority {
  /** What a client has to trust. */
  readonly cert: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'oarlock-ca-'))
  #count = 0

  constructor() {
    this.#openssl('req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '1', '-subj', '/CN=Test authority')
    this.cert = this.#read('ca.pem')
  }

  /** A certificate for these names, such as `DNS:localhost,IP:127.0.0.1`. */
  certify(names: string): Pair {
    const name = `server${(this.#count += 1)}`
    writeFileSync(join(this.#folder, `${name}.ext`), `subjectAltName=${names}\n`)
    this.#openssl('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=Test server')
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', `${name}.ext`]
    this.#openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signing)
    return { key: this.#read(`${name}.key`), cert: this.#read(`${name}.pem`) }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true })
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'ignore' })
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
