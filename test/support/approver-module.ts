/**
 * The browser's modules of the approver, for stories that need no browser: they are JavaScript
 * and have no types of their own.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const directory = join(import.meta.dirname, '..', '..', 'views', 'assets', 'approver');

export async function approverModule<Shape>(name: string): Promise<Shape> {
  // What a module exports is said by the story that uses it.
  return (await import(pathToFileURL(join(directory, name)).href)) as Shape;
}
