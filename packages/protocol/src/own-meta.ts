/** `_meta` keys of our own, under our own prefix (DIGEST S-MSG-23). Other peers pass them on and ignore them. */

/** On a tool's result, `json`: its text is JSON of the value, so that a client can give the value back in every revision. */
export const VALUE_KEY = 'dev.oarlock/value'

/** On a listed component, its version; on a request, the version that is wanted. */
export const VERSION_KEY = 'dev.oarlock/version'

/** On a listed component: why it is deprecated, or true. */
export const DEPRECATED_KEY = 'dev.oarlock/deprecated'
