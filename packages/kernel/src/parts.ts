/** What a server is made of, joined once: the heart that answers, the hub that tells, the watches behind it, and the desk that all connections share. */

import { duration, Quota } from '@oarlock/protocol'
import { Catalog } from './catalog/catalog.ts'
import { checkedPageSize, hintsOf } from './checked-options.ts'
import { compileComponent, entryTools } from './compile.ts'
import { Desk } from './edge/desk.ts'
import { StateSeal } from './edge/state.ts'
import { Events } from './events.ts'
import type { Hint } from './hint.ts'
import { Hub } from './hub.ts'
import { Kernel, type KernelOptions } from './kernel.ts'
import type { ServerOptions } from './options.ts'
import { installedTemplateEngine } from './template-engine.ts'
import { Watches } from './watches.ts'

/** What is known of the server before it has parts. */
export type Known = Pick<KernelOptions, 'info' | 'revisions' | 'clock' | 'extensions'>

/** The parts of one server. */
export class Parts {
  readonly events = new Events()
  readonly kernel: Kernel
  readonly watches: Watches
  readonly hub: Hub
  readonly desk: Desk
  readonly #known: Known

  constructor(options: ServerOptions, known: Known) {
    this.#known = known
    this.kernel = this.#makeKernel(options)
    this.watches = new Watches(this.kernel, known.clock, uri => this.hub.publish({ kind: 'resource', uri }))
    this.hub = this.#makeHub(options)
    this.desk = this.#makeDesk(options)
  }

  #makeKernel(options: ServerOptions): Kernel {
    const { clock } = this.#known
    const hints = hintsOf(options.cache)
    const tools = entryTools({
      clock,
      layers: method => this.kernel.layers(method),
      templates: () => options.templates ?? installedTemplateEngine(),
      report: (cause, where, id) => this.kernel.report(cause, where, id),
      coerceInput: options.coerce ?? false,
      defaults: options.defaults ?? true,
      portable: options.schema === 'portable',
      readHint: hints.get('resources/read') as Hint,
    })
    const catalog = new Catalog(
      (component, key, seq) => compileComponent(component, key, seq, tools),
      kinds => this.#catalogChanged(kinds),
    )
    return new Kernel(catalog, this.events, {
      ...this.#known,
      instructions: options.instructions,
      requireInitialize: options.requireInitialize === true,
      pageSize: checkedPageSize(options.pageSize ?? 1_000),
      declared: options.features ?? {},
      hints,
      resultBytes: options.limits?.resultBytes,
    })
  }

  #makeHub({ bus, limits = {} }: ServerOptions): Hub {
    return new Hub({
      clock: this.#known.clock,
      windowMs: duration(limits.coalesce ?? 50),
      bus,
      watch: uri => this.watches.start(uri),
      started: uris => this.watches.started(uris),
      unwatch: uri => this.watches.stop(uri),
      report: (cause, where) => this.kernel.report(cause, where),
    })
  }

  #makeDesk({ state = {}, limits = {} }: ServerOptions): Desk {
    const { clock } = this.#known
    return new Desk({
      kernel: this.kernel,
      hub: this.hub,
      seal: new StateSeal(state, () => clock.now()),
      clock,
      limits: { inFlight: limits.inFlight ?? 1_024, askMs: duration(limits.ask ?? '10m') },
      streams: new Quota({ each: limits.streams ?? 100, all: limits.allStreams ?? 10_000, anonymous: limits.anonymousStreams }),
      uris: new Quota({ each: limits.uris ?? 1_000, all: limits.allUris ?? 100_000, anonymous: limits.anonymousUris }),
    })
  }

  #catalogChanged(kinds: readonly ('tools' | 'resources' | 'prompts')[]): void {
    for (const list of kinds) this.hub.publish({ kind: 'list', list })
    if (kinds.includes('resources')) this.watches.refresh(() => this.hub.followed)
    if (this.events.wants('catalog.changed')) this.events.emit('catalog.changed', { kinds })
  }
}
