/**
 * What a browser may import of us: learning from rows it has, by the very code of a server. Nothing below reads a file, a
 * clock or a platform (dependency-cruiser keeps that).
 */
export type { FeatureFacts, JoinedTable } from './materialize/feature-table.ts';
export { entityOf, featureColumns, pointInTime } from './materialize/feature-table.ts';
export type { Progress } from './model/forest.ts';
export { distinctCounts, identifierCandidates, learnRows, learnSelect } from './model/learn-sql.ts';
export type { Lesson, LessonAnswer } from './model/lesson.ts';
export { planLesson } from './model/lesson.ts';
export { readArrow } from './model/read-arrow.ts';
export { kindOf } from './model/role.ts';
export { takeLesson } from './model/take-lesson.ts';
