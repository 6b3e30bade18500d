export { anchorOf, rangeOf, type TextAnchor, type TextRange } from './anchor.ts';
export { blameCell, type CellBlame, cellsTouchedBy, type ClockRange, rangesOf } from './author.ts';
export { checkShape, type ShapeProblem } from './check-shape.ts';
export {
  addCell,
  type CellPlace,
  copyOfCell,
  deleteCell,
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
export { restoreNotebook } from './restore.ts';
export { cellMap, cellsMap, notebookMap, sourceText } from './shape.ts';
export { addCellAsStep, cellsChangedBy, createUndo, type Deed, isBlank } from './undo.ts';
export { writeNotebook } from './write.ts';
