/** The error for components that cannot be served, with everything that is wrong and where it was written. */

/** Thrown by `offer` and the builder methods. Nothing of the offer is served. */
export class InvalidComponent extends TypeError {
  readonly origin: string
  readonly problems: readonly string[]

  constructor(origin: string, problems: readonly string[]) {
    super(problems.length === 1 ? `${origin}: ${problems[0]}` : `${origin}:\n${problems.map(problem => `  - ${problem}`).join('\n')}`)
    this.name = 'InvalidComponent'
    this.origin = origin
    this.problems = problems
  }
}
