/** What the compiler says in the experimental dialect only. Nothing here runs. */
import { Arg, Field, Prompt, ResourceTemplate, Tool } from '@oarlock/decorators'
import type { ToolContext } from '@oarlock/kernel'
import { Type } from 'typebox'

class Size {
  @Field() width!: number
}

export class Parameters {
  @Tool({ output: Type.String() })
  accepted(
    @Arg('width', Type.Integer()) width: number,
    @Arg('path') path: string,
    @Arg('size', Size) size: Size,
    @Arg('tags', [Type.String()], { description: 'Tags' }) tags: string[],
    ctx: ToolContext,
    @Arg('optional', Type.String(), { optional: true }) optional?: string,
  ) {
    return `${width} ${path} ${size.width} ${tags.join()} ${ctx.correlationId} ${optional}`
  }

  @Prompt() prompt(@Arg('code', Type.String()) code: string) {
    return code
  }
  @ResourceTemplate({ uri: 'a://{b}' }) template(@Arg('b', Type.String()) b: string) {
    return b
  }

  // @ts-expect-error a text is promised
  @Tool({ output: Type.String() }) result(@Arg('width', Type.Integer()) width: number) {
    return width
  }
  @Tool() first(
    // @ts-expect-error the schema lets numbers through
    @Arg('width', Type.Integer()) width: string,
  ) {
    return width
  }
  @Tool() second(
    @Arg('width', Type.Integer()) width: number,
    // @ts-expect-error the schema lets lists through
    @Arg('tags', [Type.String()]) tags: string,
  ) {
    return `${width}${tags}`
  }
  @Tool() option(
    // @ts-expect-error
    @Arg('width', Type.Integer(), { optinal: true }) width: number,
  ) {
    return width
  }
}
