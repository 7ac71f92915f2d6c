/** What test files get when they import `uvu`: uvu, plus what it leaves out. A hook that throws is told, a test that hangs fails by name, a suite that is never run is known. */
import { suite as make, type Callback, type Test } from 'uvu'
import { unrun } from './report.ts'

const LIMIT = Number(process.env['OARLOCK_TEST_LIMIT'] ?? 0)

export { exec } from 'uvu'

export function suite<T>(title = '', context?: T): Test<T> {
  return complete(make(title, context), title)
}

export const test = complete(make(), 'test')

function complete<T>(inner: Test<T>, title: string): Test<T> {
  const wanted = <A extends unknown[]>(add: (...args: A) => void) => {
    return (...args: A): void => {
      unrun.add(title)
      add(...args)
    }
  }
  const hook = (name: string, add: (body: Callback<T>) => void) => (body: Callback<T>) => add(told(`${name} hook of "${title}"`, body))
  const { before, after } = inner
  return Object.assign(
    wanted((name: string, body: Callback<T>) => inner(name, limited(name, body))),
    {
      only: wanted((name: string, body: Callback<T>) => inner.only(name, limited(name, body))),
      skip: wanted(() => inner.skip()),
      before: Object.assign(hook('before', before), { each: hook('before.each', before.each) }),
      after: Object.assign(hook('after', after), { each: hook('after.each', after.each) }),
      run: () => {
        unrun.delete(title)
        inner.run()
      },
    },
  )
}

/** uvu swallows what `before` and `after.each` throw, and only counts fewer tests. */
function told<T>(what: string, body: Callback<T>): Callback<T> {
  return async context => {
    try {
      await body(context)
    } catch (error) {
      console.error(`\n  The ${what} threw:`, error)
      throw error
    }
  }
}

/** The timer also keeps the process alive while a test waits for something that never comes; without it Node would end without a word. */
function limited<T>(name: string, body: Callback<T>): Callback<T> {
  return async context => {
    if (LIMIT === 0) return body(context)
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`"${name}" did not end within ${LIMIT / 1000} s`)), LIMIT)
    try {
      await Promise.race([body(context), promise])
    } catch (error) {
      throw firstOf(error)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** What went wrong before a `using` failed as well. Node 20 has no such class. */
function firstOf(error: unknown): unknown {
  const { name, suppressed } = (error ?? {}) as { readonly name?: unknown; readonly suppressed?: unknown }
  return name === 'SuppressedError' && suppressed !== undefined ? firstOf(suppressed) : error
}
