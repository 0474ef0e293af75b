/**
 * The first thing a newcomer reads.
 */
import { styleText } from 'node:util';

import { demoPeople, waysToTry } from '../demo-people.ts';

export interface Addresses {
  readonly issuer: string;
  readonly demo: string;
  readonly handset: string;
}

const bold = (text: string): string => styleText('bold', text);
const soft = (text: string): string => styleText('dim', text);
const link = (text: string): string => styleText(['cyan', 'underline'], text);

export function welcome({ issuer, demo, handset }: Addresses): string {
  return `
  ${bold('Doorstep is open.')}

  ${bold('Demo app')}   ${link(demo)}   ${soft('begin here')}
  ${bold('Handset')}    ${link(handset)}   ${soft('texts and calls arrive here, an authenticator shows codes, phones approve')}
  ${bold('Doorstep')}   ${link(issuer)}   ${soft('the identity provider itself')}

  ${bold('People')}   ${soft('and their second step')}
${people()}

  ${bold('Ways')}     ${soft('to take the second step')}
${ways()}

  Open the demo app, let it open the handset beside it, choose "Sign in", then
  "View payslips" or "Change bank account". ${soft('Ctrl-C ends everything.')}
`;
}

const ways = (): string =>
  waysToTry
    .map(({ method, who, how }) => `  ${method.padEnd(13)} ${who.padEnd(5)} ${soft(how)}`)
    .join('\n');

function people(): string {
  const widest = Math.max(...demoPeople.map(({ password }) => password.length));
  return demoPeople
    .map(({ username, password, secondStep, shows }) => {
      const columns = `${username.padEnd(6)} ${password.padEnd(widest)}`;
      const indent = ' '.repeat(widest + 12);
      return `  ${columns}   ${secondStep}\n${indent}${soft(`shows ${shows}`)}`;
    })
    .join('\n');
}
