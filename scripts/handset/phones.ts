/**
 * The phones of the demo people: what lies on the desk, and whose a number is.
 */
import { demoPeople, numberOf } from '../demo-people.ts';

/** Every person has a phone, and with it an approval app of their own, whatever else is set up. */
export const phonesOf = (issuer: string): readonly object[] =>
  demoPeople.map(({ username, givenName, familyName, password, ...person }) => ({
    ...{ username, password, owner: givenName },
    name: `${givenName} ${familyName}`,
    number: numberOf(person),
    // What its set-up page asks for besides.
    country: person.spare?.country,
    officeNumber: person.office?.number,
    approvalApp: `${issuer}/approver?phone=${username}`,
  }));

/** Its owner, and which of the owner's phones it is; undefined where a stranger has the number. */
export function phoneOf(
  number: string,
): { readonly owner: string; readonly phone: string } | undefined {
  const owner = demoPeople.find(
    (person) => numberOf(person) === number || person.office?.number === number,
  );
  return (
    owner && {
      owner: owner.givenName,
      phone: owner.office?.number === number ? 'office phone' : 'phone',
    }
  );
}
