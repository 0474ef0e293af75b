/**
 * What we send: texts, calls and mails, rendered from views/messages/<message>/. Where they go and
 * when is the channels' business.
 */
import { withoutUnfitSigns } from '../lib/names.ts';
import type { Language, Languages, Values } from './language.ts';
import { type Organisation, organisationIn } from './organisation.ts';
import type { Templates } from './templates.ts';

export interface RenderedMessages {
  readonly sms: { readonly text: string };
  readonly voice: { readonly text: string };
  readonly mail: { readonly subject: string; readonly text: string; readonly html: string };
}

export type MessageChannel = keyof RenderedMessages;

interface Wanted<Channel extends MessageChannel> {
  readonly message: string;
  readonly channel: Channel;
  readonly values: Values;
  readonly locale: string;
}

export interface MessagesDeps {
  readonly templates: Templates;
  readonly languages: Languages;
  /** The host that codes are bound to: browsers fill them in there and nowhere else. */
  readonly host: string;
  readonly organisation: Organisation;
}

/** One SMS holds 160 characters of GSM 03.38; a longer one is sent, and paid, as two. */
const SMS = 160;
/** What a voice says in 20 seconds, at fifteen signs in each: longer ones time calls out. */
const SPOKEN = 300;
/** Of the organisation's name, as much as a voice says. */
const CALLER = 60;
/** Except those that keep a sign of French with its word. */
const SPACES = /[^\S\u00a0\u202f]+/g;
/** What is left of a name that had to be cut is still enough to recognise it. */
const NAME = 20;

export function createMessages({ templates, languages, host, organisation }: MessagesDeps) {
  /** Throws when there is no such message for this channel. */
  function render<Channel extends MessageChannel>({
    message,
    channel,
    values: given,
    locale,
  }: Wanted<Channel>): RenderedMessages[Channel] {
    const language = languages.choose([locale]);
    const { name } = organisation;
    const caller = name.slice(0, CALLER);
    const values = oneLineEach({ ...given, client: given.client ?? name, caller });
    const part = (file: string, more: Values = values): string =>
      print(`messages/${message}/${file}`, language, more);
    const renderers: { readonly [Each in MessageChannel]: () => RenderedMessages[Each] } = {
      sms: () => ({ text: shortEnough('sms.txt', SMS) }),
      // Whoever listens hears no line ends.
      voice: () => ({ text: shortEnough('voice.txt', SPOKEN).replaceAll(SPACES, ' ') }),
      mail: () => ({
        subject: part('mail.subject').replaceAll(SPACES, ' '),
        text: part('mail.txt'),
        html: part('mail.html'),
      }),
    };
    return renderers[channel]();

    function shortEnough(file: string, most: number): string {
      const client = String(values.client);
      const text = (name: string): string => part(file, { ...values, client: name });
      const whole = text(client);
      const excess = whole.length - most;
      if (excess <= 0) return whole;
      const kept = Math.max(NAME, client.length - excess - 3);
      return client.length <= kept + 3 ? whole : text(`${oneLine(client.slice(0, kept))}...`);
    }
  }

  /**
   * An instant comes as `at`, with the reader's `zone` if it is known, and is printed as `when`;
   * `until` another.
   */
  function print(
    name: string,
    { t, knows, locale, dir, instant }: Language,
    values: Values,
  ): string {
    const template = templates.get(name);
    if (!template) throw new Error(`No view ${name}`);
    const { at, until, zone } = values;
    const zones = [zone?.toString(), organisation.timeZone];
    const written = (time: Values[string]) =>
      typeof time === 'string' && instant(new Date(time), zones);
    return template({
      ...{ t, knows, locale, dir, organisation: organisationIn(organisation, locale) },
      values: { ...values, host, when: written(at), until: written(until) },
    }).trim();
  }

  return { render };
}

/** A name with a line break in it could otherwise write lines of its own. */
const oneLineEach = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? oneLine(value) : value,
    ]),
  );

// Half of a pair, where a name was cut or came so, is no character either.
const oneLine = (text: string): string =>
  withoutUnfitSigns(text, ' ')
    .replaceAll(/[\p{Cn}\p{Co}\s]+/gu, ' ')
    .trim();
