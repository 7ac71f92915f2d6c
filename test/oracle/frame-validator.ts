/** Checks frames against the official schema of their revision: what our server or client sends in any test has to pass. */
import { isRequestName, lower, lowerParams, REVISIONS, type Revision } from '@oarlock/protocol'
