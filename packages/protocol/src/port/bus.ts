/** How processes that serve one endpoint tell each other what changed. */

/** Carries short texts by topic. Delivery is at most once, in order per publisher; a publisher hears its own messages. */
export interface Bus {
  publish(topic: string, text: string): void | Promise<void>
  /** Returns how to stop listening. */
  subscribe(topic: string, listener: (text: string) => void): () => void
}
