/** Every hostile case, by what is wrong. */
import type { Case } from './case.ts'
import { BATCH_CASES } from './cases/batch.ts'
import { BYTES_CASES } from './cases/bytes.ts'
import { FRAME_CASES } from './cases/frame.ts'
import { HEADER_CASES } from './cases/header.ts'
import { ID_CASES } from './cases/id.ts'
import { JSON_CASES } from './cases/json.ts'
import { LINE_CASES } from './cases/line.ts'
import { MEDIA_CASES } from './cases/media.ts'
import { MESSAGE_CASES } from './cases/message.ts'
import { NOTICE_CASES } from './cases/notice.ts'
import { PARAM_CASES } from './cases/param.ts'
import { PROTOTYPE_CASES } from './cases/prototype.ts'
import { REFUSED_CASES } from './cases/refused.ts'
import { SESSION_CASES } from './cases/session.ts'
import { SIZE_CASES } from './cases/size.ts'
import { STATE_CASES } from './cases/state.ts'
import { TEXT_CASES } from './cases/text.ts'
import { UPGRADE_CASES } from './cases/upgrade.ts'
import { URI_CASES } from './cases/uri.ts'

export const FAMILIES: ReadonlyMap<string, readonly Case[]> = new Map([
  ['rejections', REFUSED_CASES],
  ['JSON', JSON_CASES],
  ['messages', MESSAGE_CASES],
  ['ids', ID_CASES],
  ['batches', BATCH_CASES],
  ['params', PARAM_CASES],
  ['prototypes', PROTOTYPE_CASES],
  ['sizes', SIZE_CASES],
  ['text', TEXT_CASES],
  ['URIs', URI_CASES],
  ['notices', NOTICE_CASES],
  ['states', STATE_CASES],
  ['sessions', SESSION_CASES],
  ['headers', HEADER_CASES],
  ['media', MEDIA_CASES],
  ['bytes', BYTES_CASES],
  ['frames', FRAME_CASES],
  ['upgrades', UPGRADE_CASES],
  ['lines', LINE_CASES],
])
