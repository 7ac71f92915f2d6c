/** The door of @oarlock/resources/files: the files of directories as resources. */

export { files } from './files/create.ts'
export type { FileRoot, FilesOptions } from './files/options.ts'
export { FileProvider } from './files/provider.ts'
