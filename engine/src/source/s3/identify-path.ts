import type { FileSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { checkContent } from '../file/content-kind.ts';
import { identifyFiles, identityOf } from '../file/identify.ts';
import type { IdentifiedSource, SourceContext } from '../source.ts';
import { fetchObjects, listObjects, removeFiles } from './objects.ts';

/** The files of a source, which may be objects of a store. A store is not asked only to say what is stale. */
export async function identifyPath(spec: FileSource, context: SourceContext): Promise<IdentifiedSource> {
  if (!spec.path.startsWith('s3://')) return identifyFiles(spec.path, spec.type, context);
  if (context.reading === 'status') return { identity: context.last?.identity ?? 'never read', files: [] };
  const listed = await listObjects(spec, spec.path, context);
  const objects = context.reading === 'sample' ? listed.objects.slice(0, 1) : listed.objects;
  if (objects.length === 0)
    throw new Fault(
      'source-unreadable',
      say('no object matches {path}; check the bucket and the pattern', { path: spec.path }),
      {
        file: spec.path,
      },
    );
  const files = await fetchObjects(listed, objects, context);
  const release = () => removeFiles(files);
  try {
    for (const file of files) await checkContent(file, spec.type);
    return { identity: identityOf(spec.type, files), files, state: null, release };
  } catch (error) {
    await release();
    throw error;
  }
}
