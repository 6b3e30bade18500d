import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheOnce, command } from './cache.ts';

const quiet = ['-B', '-q', '-Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.transfer=warn'];

const NONE_BESIDE = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';

function dependency(coordinates: string, alone: boolean): string {
  const [group, artifact, version, type = 'jar', classifier = ''] = coordinates.split(':');
  const kind = classifier === '' ? '' : `<classifier>${classifier}</classifier>`;
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><type>${type}</type>${kind}${alone ? NONE_BESIDE : ''}</dependency>`;
}

function pom(coordinates: readonly string[], alone: boolean): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>services</groupId><artifactId>services</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${coordinates.map((each) => dependency(each, alone)).join('\n')}</dependencies></project>`;
}

interface JarOptions {
  /** Leave out what the artifacts depend on. */
  readonly alone?: boolean;
}

/** The jars of these artifacts, `group:artifact:version[:type[:classifier]]`, in one directory of the cache. */
export function mavenJars(name: string, coordinates: readonly string[], options: JarOptions = {}): Promise<string> {
  return cacheOnce(name, async (partial) => {
    const file = join(partial, 'pom.xml');
    const alone = options.alone === true;
    await writeFile(file, pom(coordinates, alone));
    const flags = ['-DincludeScope=runtime', `-DoutputDirectory=${join(partial, 'lib')}`];
    if (alone) flags.push('-DexcludeTransitive=true');
    await command('mvn', [...quiet, '-f', file, 'dependency:copy-dependencies', ...flags]);
    await mkdir(join(partial, 'lib'), { recursive: true });
  });
}

/**
 * A packed distribution, unpacked into `home`; a single folder inside is taken as the root. The artifact is fetched
 * without its parent, which not every distribution has on Maven Central.
 */
export function mavenArchive(name: string, coordinates: string): Promise<string> {
  return cacheOnce(name, async (partial) => {
    const archive = join(partial, 'archive');
    const flags = ['-Dtransitive=false', `-Dartifact=${coordinates}`, `-Ddest=${archive}`];
    await command('mvn', [...quiet, 'org.apache.maven.plugins:maven-dependency-plugin:2.8:get', ...flags]);
    const unpacked = join(partial, 'unpacked');
    await mkdir(unpacked);
    await command('tar', ['-xzf', archive, '-C', unpacked]);
    await rm(archive);
    const entries = await readdir(unpacked);
    const inner = entries.length === 1 ? join(unpacked, entries[0] ?? '') : unpacked;
    await rename(inner, join(partial, 'home'));
  });
}
