/** What the reference page says of each fault beside its numbers. */
import type { FaultName } from '@oarlock/protocol'

export interface Explanation {
  readonly when: string
  readonly fix: string
}

export const EXPLANATIONS: Readonly<Record<FaultName, Explanation>> = {
  PARSE_ERROR: {
    when: 'What arrived is not JSON, begins with a byte order mark, is not UTF-8, or its body was read by something in front of the endpoint.',
    fix: 'Send one JSON text in UTF-8. Behind a framework let its body parser run and leave the parsed body in `req.body`, or let nobody read it.',
  },
  INVALID_REQUEST: {
    when: 'JSON, but no JSON-RPC 2.0 message of this conversation: an id that is neither text nor a safe integer, a call and a reply in one, a batch where there are none, more than 100 messages or 64 levels, an id that is still in flight, a second handshake, a `Last-Event-ID` of another stream.',
    fix: 'The text says which. The bounds are the option `limits` of the transport.',
  },
  METHOD_NOT_FOUND: {
    when: 'The revision has no such method, or the server does not offer the feature it belongs to.',
    fix: 'Look at the capabilities that the server declares. A server declares a feature once something of its kind is offered; `features` declares it before.',
  },
  INVALID_PARAMS: {
    when: 'The params of a known method have the wrong shape, or a handler threw it.',
    fix: 'The text names the member and what was expected. Wrong arguments of a tool are not this: they are a result with `isError`, which the model can act on.',
  },
  INVALID_ENVELOPE: {
    when: 'A request of 2026-07-28 whose `params._meta` lacks the protocol version or the client capabilities, or has one of its four keys malformed; or the header `MCP-Protocol-Version: 2026-07-28` over a body without them.',
    fix: '`data.envelope` lists every key that is missing or malformed. Send them with each request.',
  },
  INTERNAL_ERROR: {
    when: 'A resource, a prompt or middleware threw something that is not a Fault, or took longer than its `timeout`; a tool returned what does not fit its output schema. A tool that throws or takes too long is not this: it has a result with `isError`.',
    fix: 'Search the server log for the error id in the text: the whole error stands there and nowhere else.',
  },
  HEADER_MISMATCH: {
    when: 'Over HTTP, `MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name` or `Mcp-Param-…` is missing, is not validly encoded, comes twice, or says something other than the body.',
    fix: '`data.mismatch` shows both sides. Write the headers from the body, and a proxy that changes the body writes them anew. After a change of parameters the client lists the tools again.',
  },
  MISSING_CAPABILITY: {
    when: 'A handler asks the client for something that it did not declare: elicitation, sampling, roots, an extension.',
    fix: '`data.requiredCapabilities` is what the client has to declare. A handler asks `ctx.can(…)` first where it can do without.',
  },
  UNSUPPORTED_VERSION: {
    when: 'A request names a revision that the server does not speak, or a handshake comes to a server without sessions.',
    fix: 'Choose from `data.supported`. A server speaks all revisions unless its option `revisions` says otherwise.',
  },
  URL_ELICITATION_REQUIRED: {
    when: 'In 2025-11-25, a handler called `ctx.requireUrl(…)`: the call can succeed only after the user has visited a page.',
    fix: 'Show the pages in `data.elicitations` to the user, then call again. In 2026-07-28 the same handler asks in a result.',
  },
  TOOL_NOT_FOUND: {
    when: '`tools/call` names no tool of this server, or one that the caller may not see.',
    fix: 'List the tools again. A name that is nearly right is suggested in the text.',
  },
  PROMPT_NOT_FOUND: {
    when: '`prompts/get` names no prompt of this server, or one that the caller may not see.',
    fix: 'List the prompts again.',
  },
  RESOURCE_NOT_FOUND: {
    when: '`resources/read` or `resources/subscribe` names a URI that no resource and no template answers to, that the caller may not see, or whose handler returned nothing.',
    fix: '`data.uri` is the URI that was asked for. Throw it yourself where a template matches and the thing does not exist.',
  },
  INVALID_CURSOR: {
    when: 'A list was asked for with a cursor that this list did not give out.',
    fix: 'Start again without a cursor. Cursors are opaque and of one list; they survive changes of the list.',
  },
  INVALID_STATE: {
    when: '`requestState` was changed, has expired, was sealed with a key that this process does not have, belongs to another caller, method or arguments, or was used before where it may be used once.',
    fix: 'Begin the call anew. Several processes behind one endpoint need the same `state.secrets`. The reason stands in the log.',
  },
  UNAUTHENTICATED: {
    when: '`authenticate` found no valid credentials, or a guard requires scopes or refuses a call, and nobody is known.',
    fix: 'The header `WWW-Authenticate` says what is wanted.',
  },
  FORBIDDEN: {
    when: 'The caller is known and may not: a scope is missing, or the `allow` of a guard did not say yes.',
    fix: '`data.requiredScopes`, where there is, names all scopes that the operation needs.',
  },
  RATE_LIMITED: {
    when: 'The middleware `limit(…)` found that the caller asks too often.',
    fix: 'Wait for as long as `Retry-After` and `data.retryAfterMs` say.',
  },
  SHUTTING_DOWN: {
    when: 'The server is closing and takes no new work, or work did not finish in time.',
    fix: 'Try again after `Retry-After`, elsewhere if there is an elsewhere. `server.close({ within })` is how long work may take.',
  },
  OVERLOADED: {
    when: 'A connection has more requests in flight than `limits.inFlight`, a caller has too many subscriptions, or the process too many sessions.',
    fix: 'Wait for answers, end what is not needed. The bounds are `limits` of the server and `sessions` of the transport.',
  },
  FOREIGN_ORIGIN: {
    when: 'The `Host` of an HTTP request is none of the names that this endpoint serves, or its `Origin` is a page that may not call. Without options that is everything but this machine.',
    fix: 'Name what clients use in `allowedHosts` and `allowedOrigins`.',
  },
  METHOD_NOT_ALLOWED: {
    when: 'An HTTP method that the endpoint does not have, or GET and DELETE where there are no sessions.',
    fix: 'The header `Allow` lists those there are.',
  },
  NOT_ACCEPTABLE: {
    when: 'In a session, a POST does not accept both `application/json` and `text/event-stream`, or a GET does not accept the latter.',
    fix: 'Send `Accept: application/json, text/event-stream`.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    when: 'A POST whose `Content-Type` is not `application/json`, or whose body is compressed.',
    fix: 'Send JSON, uncompressed.',
  },
  TOO_LARGE: {
    when: 'A body or a line is larger than the limit: 4 MiB over HTTP, 10 MiB over stdio unless an option says otherwise.',
    fix: 'Send less, or raise `bodyLimit` or `maxMessageBytes`.',
  },
  BODY_TIMEOUT: {
    when: 'A body took longer to arrive than `bodyTimeout`, 30 seconds when absent.',
    fix: 'Send it faster, or raise the option for slow networks.',
  },
  STREAM_CONFLICT: {
    when: 'A GET opens the event stream of a session that has one already.',
    fix: 'Use the one there is. To take over from one that broke, send the `Last-Event-ID`.',
  },
  VERSION_HEADER: {
    when: 'In a session, `MCP-Protocol-Version` names no revision of the server that has sessions.',
    fix: 'Send the revision that the handshake agreed on.',
  },
  SESSION_REQUIRED: {
    when: 'A request without `Mcp-Session-Id` that is neither a handshake nor of 2026-07-28.',
    fix: 'Send `initialize`, and with everything after it the id that the answer carries in its header. With `sessions: false` none is needed.',
  },
  SESSION_NOT_FOUND: {
    when: 'The session has ended, was idle too long, belongs to somebody else, or never was.',
    fix: 'Shake hands again.',
  },
}
