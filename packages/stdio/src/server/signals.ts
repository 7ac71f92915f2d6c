/** The signals that ask a process to end. Only here does Oarlock touch them. */

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Conventional exit codes of a process that a signal ended. */
const FORCED: Readonly<Record<string, number>> = { SIGTERM: 143, SIGINT: 130 }

/**
 * Calls `end` at the first signal and exits with code 0 once it resolves, unless other listeners of the signal decide that. A second signal
 * exits at once. Returns how to stop listening.
 */
export function onSignals(end: (signal: NodeJS.Signals) => PromiseLike<unknown>): () => void {
  let ending = false
  const listener = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(FORCED[signal])
    ending = true
    void end(signal).then(() => {
      if (process.listeners(signal).every(other => other === listener)) process.exit()
    })
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener)
  }
}
