export { checkShape, type ShapeProblem } from './check-shape.ts';
export {
  addCell,
  type CellPlace,
  deleteCell,
  duplicateCell,
  moveCell,
  type NewCell,
  purgeCell,
  renameCell,
  restoreCell,
  setConfigKey,
  setMeta,
  setSource,
  setTitle,
} from './operation.ts';
export { orderBetween } from './order.ts';
export { readBin, readCell, readNotebook } from './read.ts';
export { cellMap, cellsMap, notebookMap, sourceText } from './shape.ts';
export { writeNotebook } from './write.ts';
