/**
 * explain: the plan a command would use, without running it.
 */
import type { Doc } from '../document.ts';
import { planQuery } from '../engine/plan.ts';
import type { IndexPlan, Plan } from '../engine/plan.ts';
import { badValue, unsupported } from '../errors.ts';
import { readDoc, readDocs, readText } from './command.ts';
import type { Handler, Reply } from './command.ts';
import { readQuery } from './read.ts';

const explain: Handler = {
  options: ['verbosity'],
  run({ catalog }, { database, body }) {
    const inner = readDoc(body, 'explain');
    const [name] = inner?.keys() ?? [];
    if (inner === undefined || name === undefined) throw badValue('explain needs a command');
    const collection = catalog.find(database, readText(inner, name));
    const query = questionIn(name, inner);
    const winningPlan =
      collection === undefined
        ? { stage: 'EOF' }
        : describePlan(planQuery(collection, query, query));
    const namespace = `${database}.${readText(inner, name)}`;
    return { queryPlanner: { namespace, winningPlan, rejectedPlans: [] }, ok: 1 };
  },
};

function questionIn(name: string, command: Doc) {
  switch (name) {
    case 'find':
      return readQuery(command, 'filter');
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return readQuery(command, 'query');
    case 'update':
    case 'delete':
      return readQuery(firstStatement(command, `${name}s`), 'q');
    default:
      throw unsupported(`explain of ${name}`);
  }
}

function firstStatement(command: Doc, list: string): Doc {
  const [first] = readDocs(command, list);
  if (first === undefined) throw badValue('explain needs a statement');
  return first;
}

/** As MongoDB shows it, but for the FETCH, which is part of every scan here. `sorts` says whether sorting comes after. */
function describePlan(plan: Plan): Reply {
  const sorts = !plan.sorted;
  if (plan.stage === 'OR') return { stage: 'OR', inputStages: plan.plans.map(describeScan), sorts };
  return { ...describeScan(plan), sorts };
}

function describeScan({ stage, index, reverse }: IndexPlan) {
  if (stage === 'COLLSCAN') return { stage };
  const direction = reverse ? 'backward' : 'forward';
  return { stage, indexName: index.name, keyPattern: index.spec.get('key'), direction };
}

export const explaining: Readonly<Record<string, Handler>> = { explain };
