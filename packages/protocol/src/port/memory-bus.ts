/** The bus of a single process. */

import type { Bus } from './bus.ts'

const RESOLVED = Promise.resolve()

/**
 * Carries texts to listeners in this process, after the publisher's code has returned. A listener that throws does not keep the text from
 * the others; its error surfaces as an unhandled rejection.
 */
export function memoryBus(): Bus {
  const topics = new Map<string, Set<(text: string) => void>>()
  return {
    publish(topic, text) {
      for (const listener of topics.get(topic) ?? []) void RESOLVED.then(() => deliver(listener, topic, text))
    },
    subscribe(topic, listener) {
      const own = (text: string): void => listener(text)
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(own))
      return () => {
        listeners.delete(own)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
  }

  function deliver(listener: (text: string) => void, topic: string, text: string): void {
    if (topics.get(topic)?.has(listener) === true) listener(text)
  }
}
