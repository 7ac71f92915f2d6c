/** The container contract: where objects that are offered take what they need, while they are made. */

/** Any dependency container: `get` answers with the value of a token. A `Map` is one. */
export interface Container {
  get(token: never): unknown
}

// One slot for the process: two copies of this package share it. It is set only while `make` runs, which is synchronous.
const CURRENT = Symbol.for('oarlock.container')

type Slot = { [CURRENT]?: Container | undefined }

/** Calls `make` with `container` as the current one; calls may nest. What `make` does after an `await` no longer sees it. */
export function withContainer<T>(container: Container, make: () => T): T {
  const slot = globalThis as Slot
  const outer = slot[CURRENT]
  slot[CURRENT] = container
  try {
    return make()
  } finally {
    slot[CURRENT] = outer
  }
}

/** The container of the object that is being made; undefined when none is. */
export function currentContainer(): Container | undefined {
  return (globalThis as Slot)[CURRENT]
}

/** What is offered with a container: each class becomes an object made with it; everything else is offered as it is. */
export function constructed(offerable: object, container: Container): object {
  if (Array.isArray(offerable)) return offerable.map((each: object) => constructed(each, container))
  return typeof offerable === 'function' ? withContainer(container, () => new (offerable as new () => object)()) : offerable
}
