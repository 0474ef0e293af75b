/**
 * Reads the configuration: default.yaml, the environment's file, the file that
 * DOORSTEP_CONFIG names, the variables; each lies over the one before. Whatever is wrong is
 * told at once, and the result is frozen.
 */
import { join, resolve } from 'node:path';

import { contradictions, type SoundSections } from './contradictions.ts';
import { howToSet, readEnvironment, type Environment } from './environment.ts';
import { layerOf, over, readLayer, type Layer } from './layers.ts';
import { ownSecrets } from './own-secrets.ts';
import { misspeltVariables } from './misspelt.ts';
import { explain, SettingsError, type SettingProblem } from './problems.ts';
import { refusedInProduction } from './production.ts';
import { shape, type EnvironmentName, type Settings } from './schema.ts';

export interface Sources {
  /** process.env, or what stands for it. */
  readonly environment: Environment;
  /** Where default.yaml is; ours, unless told otherwise. */
  readonly directory?: string;
  /** Over everything else, for whoever starts the house from code. */
  readonly overrides?: Layer;
}

const ourDirectory = resolve(import.meta.dirname, '../../config');

/** Throws SettingsError with every problem there is. */
export async function loadSettings(sources: Sources): Promise<Settings> {
  const environment = environmentName(sources.environment);
  const { layer, problems } = collect(sources, environment);
  const values = environment === 'production' ? layer : await withOwnSecrets(layer);

  const checked = shape.safeParse(values);
  const sound = soundSections(values);
  const isKnown = ({ where }: SettingProblem): boolean =>
    problems.some(({ setting }) => setting === where);
  const all = [
    ...problems,
    ...(checked.error?.issues ?? [])
      .flatMap((issue) => explain(issue, values, howToSet))
      .filter((problem) => !isKnown(problem)),
    ...contradictions(sound),
    ...(environment === 'production'
      ? [...refusedInProduction(sound), ...misspeltVariables(sources.environment)]
      : []),
  ];
  if (!checked.success || all.length > 0) throw new SettingsError(all);
  return freeze({ ...checked.data, environment });
}

/** Who says nothing gets the strictest. */
function environmentName({ NODE_ENV: name = 'production' }: Environment): EnvironmentName {
  if (name === 'production' || name === 'development' || name === 'test') return name;
  const what = 'must be production, development or test';
  throw new SettingsError([{ where: 'NODE_ENV', what }]);
}

function collect(
  { environment, directory = ourDirectory, overrides = {} }: Sources,
  name: EnvironmentName,
): { readonly layer: Layer; readonly problems: readonly SettingProblem[] } {
  const names = name === 'production' ? ['default'] : ['default', name];
  const ours = names.map((each) => ({ file: join(directory, `${each}.yaml`) }));
  const more = environment.DOORSTEP_CONFIG;
  const files = [...ours, ...(more ? [{ file: more, where: 'DOORSTEP_CONFIG' }] : [])];
  const variables = readEnvironment(environment);

  const layers = [
    ...files.map(readLayer),
    ...variables.filled.map(({ path, value }) => layerOf(path, value)),
    overrides,
  ];
  return { layer: layers.reduce(over), problems: variables.problems };
}

/** A first try should need no secrets at hand; what was given anyway is kept. */
async function withOwnSecrets(values: Layer): Promise<Layer> {
  const { database } = soundSections(values);
  if (!database || shape.shape.secrets.safeParse(values.secrets).success) return values;
  return over({ secrets: await ownSecrets(database.directory) }, values);
}

function soundSections(values: Layer): SoundSections {
  const sound = Object.entries(shape.shape).flatMap(([name, section]) => {
    const checked = section.safeParse(values[name]);
    return checked.success ? [[name, checked.data] as const] : [];
  });
  // Each section was just checked by its own schema; entries forget which was whose.
  return Object.fromEntries(sound);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
