/**
 * The keys that the demo key holds: those that demo people have from the start, and those that
 * were made in this browser.
 */
/* global localStorage */
import { toBase64url } from '/assets/approver/encode.js';
import { fromTheStart } from './people.js';

const PLACE = 'demo-key';

const madeHere = () => JSON.parse(localStorage.getItem(PLACE) ?? '[]');
const all = () => [...fromTheStart, ...madeHere()];

export const keep = (key) => localStorage.setItem(PLACE, JSON.stringify([...madeHere(), key]));

export const among = (credentials = []) =>
  all().filter(({ credentialId }) =>
    credentials.some(({ id }) => toBase64url(id) === credentialId),
  );

/** Those that may answer: the ones that are named, or all where none is. */
export const fitting = ({ allowCredentials = [] }) =>
  allowCredentials.length === 0 ? all() : among(allowCredentials);
