/** The source that docs/guides/custom-resources.md writes: the tickets of a tracker. */

// #region source
import {
  ResourceProvider,
  UNCHANGED,
  type CompleteRequest,
  type ListedResource,
  type ListRequest,
  type ReadRequest,
  type ResourceProviderOptions,
  type SourceAnswer,
  type SourceTemplate,
} from '@oarlock/resources'

/** What the source needs of a tracker. */
export interface Tracker {
  ticket(id: string): Promise<Ticket | undefined>
  /** Tickets in the order of their ids, beginning behind `after`. */
  tickets(after: string, limit: number): Promise<readonly Ticket[]>
  /** Ids that begin with what was typed. */
  idsLike(typed: string): Promise<readonly string[]>
  /** Calls `changed` whenever a ticket is edited. Returns how to stop. */
  onEdited(id: string, changed: () => void): () => void
}

export interface Ticket {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly version: number
  readonly edited: Date
}

const TICKET: SourceTemplate = { name: 'ticket', uriTemplate: 'tickets:{id}', description: 'A ticket', mimeType: 'text/markdown' }

export class Tickets extends ResourceProvider {
  readonly #tracker: Tracker

  constructor(tracker: Tracker, options: Omit<ResourceProviderOptions, 'name'> = {}) {
    super({ name: 'tickets', ...options })
    this.#tracker = tracker
  }

  protected override templates(): readonly SourceTemplate[] {
    return [TICKET]
  }

  protected override async read({ variables, known }: ReadRequest): Promise<SourceAnswer> {
    const ticket = await this.#tracker.ticket(String(variables['id']))
    if (ticket === undefined) return undefined
    const validator = String(ticket.version)
    if (validator === known) return UNCHANGED
    return { text: `# ${ticket.title}\n\n${ticket.body}`, validator, lastModified: ticket.edited }
  }

  protected override async list({ after = 'tickets:', limit }: ListRequest): Promise<readonly ListedResource[]> {
    const found = await this.#tracker.tickets(after.slice('tickets:'.length), limit)
    return found.map(({ id, title }) => ({ uri: `tickets:${id}`, name: id, title }))
  }

  protected override watch(uri: string, updated: () => void): () => void {
    return this.#tracker.onEdited(uri.slice('tickets:'.length), updated)
  }

  protected override complete({ value }: CompleteRequest): Promise<readonly string[]> {
    return this.#tracker.idsLike(value)
  }
}
// #endregion
