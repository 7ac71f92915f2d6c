/** What the kernel of the machine knows of a process: processor time of all its threads, memory, descriptors. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

/** Nanoseconds that all threads of a process have run. */
export function cpuOf(pid: number): number {
  let sum = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ', 1)[0])
    } catch {
      // A thread that ended between the two reads.
    }
  }
  return sum
}

/** Resident memory in MB (10^6 bytes). */
export function residentOf(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kib) * 1024) / 1e6
}

/** Arguments by which a command runs on one core alone. */
export const onCore = (core: number, ...command: readonly string[]): readonly string[] => ['taskset', '-c', String(core), ...command]

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** The figure below which a share of all figures lies. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
