import * as Y from 'yjs';
import type { Notebook } from '../document/notebook.ts';
import { Fault } from '../fault.ts';
import { cellToYMap } from './operation.ts';
import { cellsMap, notebookMap } from './shape.ts';

/** Fills an empty document, for import and creation. D3: a document that ever held anything is refused. */
export function writeNotebook(doc: Y.Doc, notebook: Notebook, origin: unknown = null): void {
  if (Y.encodeStateVector(doc).length > 1) {
    throw new Fault('conflict', 'expected an empty document to write the notebook into: import it as a new notebook');
  }
  doc.transact(() => {
    const head = notebookMap(doc);
    for (const [key, value] of Object.entries(notebook.meta)) head.set(key, value);
    head.set('title', notebook.title);
    for (const cell of notebook.cells) cellsMap(doc).set(cell.id, cellToYMap(cell));
  }, origin);
}
