/** What a shop has logged so far, for those who have no logs at hand: JSON lines of the program, and the access log of its web server. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BEGIN = Date.parse('2026-11-21T10:00:00Z')

/** An entry of the shop as one line, `second` seconds after ten o'clock. */
export function shopLine(second: number, level: 'info' | 'error', component: string, msg: string, fields: object = {}): string {
  return `${JSON.stringify({ time: new Date(BEGIN + second * 1000).toISOString(), level, name: component, msg, ...fields })}\n`
}

/** Writes the logs anew: 250 entries, of which every fiftieth tells of a refused card and more than it should; and two requests. */
export function seed(folder: string): void {
  const lines = Array.from({ length: 250 }, (_, second) =>
    second % 50 === 49
      ? shopLine(second, 'error', 'payment', 'card refused, Authorization: Bearer abcdef0123456789abcdef', {
          order: second,
          customerNo: 'C-4711',
        })
      : shopLine(second, 'info', 'orders', `order ${second} packed`),
  )
  writeFileSync(join(folder, 'shop.log'), lines.join(''))
  const request = (path: string, status: number): string =>
    `192.0.2.7 - - [21/Nov/2026:10:00:${status === 200 ? '01' : '02'} +0000] "GET ${path} HTTP/1.1" ${status} 512 "-" "check"\n`
  writeFileSync(join(folder, 'access.log'), request('/basket?voucher=V-SPRING2026', 200) + request('/pay', 500))
}

/** Writes them into a temporary folder, which goes with the process. Returns its path. */
export function seeded(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-ops-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  seed(folder)
  return folder
}
