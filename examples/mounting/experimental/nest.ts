/** NestJS: a controller hands the raw request and response to the door. */

import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { All, Controller, Module, Req, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { toNode, type NodeDoor } from 'oarlock'
import { greeter } from '../greeter.ts'
import { urlOf, type Mounted } from '../mounted.ts'

@Controller()
class McpController {
  readonly mcp: NodeDoor = toNode(greeter())

  @All('mcp')
  handle(@Req() req: IncomingMessage, @Res() res: ServerResponse): void {
    this.mcp(req, res)
  }
}

@Module({ controllers: [McpController] })
class AppModule {}

export async function start(): Promise<Mounted> {
  const app = await NestFactory.create(AppModule, { logger: false })
  await app.listen(0, '127.0.0.1')
  return { url: urlOf(app.getHttpServer()), close: () => (app.get(McpController).mcp.close(), app.close()) }
}
