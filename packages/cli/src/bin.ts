#!/usr/bin/env node
/** The `oarlock` command. */
export {}
