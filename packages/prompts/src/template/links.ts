/** Who refers to whom by name, read backwards: what a change reaches. */

/** References of nodes to names. A name need not be anybody's. */
export class Links {
  readonly #names = new Map<string, readonly string[]>()
  readonly #users = new Map<string, Set<string>>()

  /** The same links, to be changed by themselves. */
  copy(): Links {
    const links = new Links()
    for (const [node, names] of this.#names) links.put(node, names)
    return links
  }

  /** Whether it is known what a node refers to. */
  has(node: string): boolean {
    return this.#names.has(node)
  }

  /** What a node refers to from now on. */
  put(node: string, names: readonly string[]): void {
    this.drop(node)
    this.#names.set(node, names)
    for (const name of names) {
      const users = this.#users.get(name)
      if (users === undefined) this.#users.set(name, new Set([node]))
      else users.add(node)
    }
  }

  drop(node: string): void {
    for (const name of this.#names.get(node) ?? []) {
      const users = this.#users.get(name)
      users?.delete(node)
      if (users?.size === 0) this.#users.delete(name)
    }
    this.#names.delete(node)
  }

  /**
   * The nodes that refer to one of these, directly or through others.
   * @param namesOf by which names a node is referred to
   */
  reach(nodes: Iterable<string>, namesOf: (node: string) => readonly string[] = node => [node]): ReadonlySet<string> {
    const found = new Set<string>()
    const open = [...nodes]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const user of namesOf(node).flatMap(name => [...(this.#users.get(name) ?? [])])) {
        if (found.has(user)) continue
        found.add(user)
        open.push(user)
      }
    }
    return found
  }
}
