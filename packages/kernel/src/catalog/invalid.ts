/** The error for components that cannot be served, with everything that is wrong and where it was written. */

/** Thrown by `offer` and the builder methods. Nothing of the offer is served. */
export class InvalidComponent extends TypeError {
  /** Which component: `Calculator.add`; or the offer, where several are at fault. */
  readonly origin: string
  /** What is wrong and how to fix it, one text each. */
  readonly problems: readonly string[]

  constructor(origin: string, problems: readonly string[], options?: { readonly cause?: unknown }) {
    const text = problems.length === 1 ? `${origin}: ${problems[0]}` : `${origin}:\n${problems.map(problem => `  - ${problem}`).join('\n')}`
    super(text, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'InvalidComponent'
    this.origin = origin
    this.problems = problems
  }

  /** One error for several components. */
  static joined(origin: string, failures: readonly InvalidComponent[]): InvalidComponent {
    return new InvalidComponent(
      origin,
      failures.flatMap(failure => failure.problems.map(problem => `${failure.origin}: ${problem}`)),
    )
  }
}
