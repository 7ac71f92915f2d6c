/** The whole catalog at one moment, immutable: requests read it without locks, changes make a new one. */

import type { PromptEntry, ResourceEntry, ToolEntry } from './entry.ts'
import type { Shelf, TemplateShelf } from './shelf.ts'

/** A shelf for each kind. Those of kinds that did not change are shared with the snapshot before. */
export interface Snapshot {
  readonly tools: Shelf<ToolEntry>
  readonly resources: Shelf<ResourceEntry>
  readonly templates: TemplateShelf
  readonly prompts: Shelf<PromptEntry>
}
