/** The multiples of the floor as bars of text, on a logarithmic scale: one is the floor, and each doubling is as long as the one before. */
import type { Standing } from './race.ts'

/** Characters of a doubling. */
const DOUBLING = 6

/** A bar for each that could take part, the floor itself left out. */
export function plot(title: string, standings: readonly Standing[], atMost: number | undefined): string {
  const bars = standings.slice(1).filter(({ fault }) => fault === undefined)
  const wide = Math.max(...bars.map(({ name }) => name.length))
  const goal = atMost === undefined ? '' : `, goal ${atMost}`
  return [`${title}${goal}`, ...bars.map(({ name, ratio }) => `  ${name.padEnd(wide)} ${bar(ratio)} ${ratio.toFixed(2)}`)].join('\n')
}

/** Half a character is left for what costs a sixteenth of the floor or less. */
function bar(ratio: number): string {
  const length = DOUBLING * Math.max(0, Math.log2(ratio) + 4)
  return '█'.repeat(Math.floor(length)) + (length % 1 >= 0.5 ? '▌' : '')
}
