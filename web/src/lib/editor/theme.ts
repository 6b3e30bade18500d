import { syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';
import './code.css';

/** The tokens are CSS variables, so one theme serves light and dark. */
export const editorTheme = EditorView.theme({
  '&': {
    fontSize: 'var(--text-13)',
    backgroundColor: 'var(--surface-sunken)',
    borderRadius: 'var(--radius-2)',
    color: 'var(--text-1)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-code)',
    lineHeight: '20px',
    fontFeatureSettings: '"calt" 0',
    overflow: 'auto',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text-1)', minHeight: '36px' },
  '.cm-line': { padding: '0 12px 0 0' },
  '.cm-gutters': { backgroundColor: 'var(--surface-sunken)', border: 'none', color: 'var(--text-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px', padding: '0 12px 0 0', fontSize: '11px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--surface-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--text-1)', borderLeftWidth: '1.5px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 22%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 12%, transparent)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--surface-pressed)', outline: 'none' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-badLine': { backgroundColor: 'var(--failed-soft) !important' },
  '.cm-badToken': { textDecoration: 'underline wavy var(--failed) 1px', textUnderlineOffset: '4px' },
  '.cm-badToken.cm-warnToken': { textDecorationColor: 'var(--stale)' },
  '.cm-commented': {
    backgroundColor: 'color-mix(in srgb, var(--stale) 16%, transparent)',
    borderBottom: '2px solid var(--stale)',
    cursor: 'pointer',
  },
  '.cm-commented.cm-currentThread': { backgroundColor: 'color-mix(in srgb, var(--stale) 34%, transparent)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-overlay)',
    border: 'none',
    borderRadius: 'var(--radius-3)',
    boxShadow: 'var(--shadow-2)',
    overflow: 'hidden',
    zIndex: 'var(--z-menu)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-code)',
    fontSize: '12px',
    padding: '4px',
    maxHeight: '240px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    lineHeight: '24px',
    padding: '0 8px',
    borderRadius: 'var(--radius-2)',
    display: 'flex',
    gap: '8px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--surface-pressed)',
    color: 'var(--text-1)',
  },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    color: 'var(--text-3)',
    fontStyle: 'normal',
    fontFamily: 'var(--font-text)',
    fontSize: '11px',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent-text)' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-ySelectionInfo': {
    fontFamily: 'var(--font-text)',
    fontSize: '11px',
    lineHeight: '16px',
    fontWeight: '500',
    padding: '0 5px',
    borderRadius: '3px 3px 3px 0',
    color: 'var(--text-on-presence)',
    opacity: '0',
    pointerEvents: 'none',
    top: '-16px',
    transition: 'opacity var(--motion-slow) var(--ease)',
  },
  // While its person moves, and at once: see name-flags.ts.
  '.cm-moved > .cm-ySelectionInfo': { opacity: '1', transition: 'none' },
  // Above the first line there are but 8 px before the editor ends.
  '.cm-line:first-child .cm-ySelectionInfo': { top: '-8px', lineHeight: '12px', fontSize: '10px' },
  // A name does not lie on the line that one reads or writes in.
  ':is(.cm-line:hover, .cm-activeLine) + .cm-line .cm-ySelectionInfo': { opacity: '0' },
  '.cm-line .cm-ySelectionCaret:hover > .cm-ySelectionInfo': { opacity: '1' },
  '.cm-ySelectionCaret': { borderLeftWidth: '1px', borderRightWidth: '1px' },
});

/** Stable class names (code.css): text outside an editor is coloured by the same rules. */
export const codeHighlight = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.bool, tags.null], class: 'tok-keyword' },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], class: 'tok-function' },
  { tag: [tags.string, tags.special(tags.string)], class: 'tok-string' },
  { tag: tags.number, class: 'tok-number' },
  { tag: [tags.special(tags.name), tags.special(tags.variableName)], class: 'tok-param' },
  { tag: tags.comment, class: 'tok-comment' },
  { tag: [tags.typeName, tags.className], class: 'tok-type' },
  { tag: tags.heading, class: 'tok-heading' },
  { tag: tags.emphasis, class: 'tok-emphasis' },
  { tag: tags.strong, class: 'tok-heading' },
  { tag: [tags.link, tags.url], class: 'tok-link' },
]);

export const highlighting = syntaxHighlighting(codeHighlight);
