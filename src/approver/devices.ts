/**
 * The device behind an app credential: read for whoever speaks to it, and the address at
 * which it is woken.
 */
import { type PushSubscription, pushSubscription } from '../channels/channel.ts';
import { app, type Device, type StoredApp } from '../credentials/app.ts';
import { vaultOf } from '../credentials/vault.ts';
import type { Crypt } from '../lib/crypt.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { Flow } from '../models/flow.ts';
import type { Gone } from '../verification/out-of-band/outbox.ts';

export interface DevicesDeps {
  readonly accounts: Accounts;
  readonly crypt: Crypt;
}

export type Devices = ReturnType<typeof createDevices>;

interface Held {
  readonly credential: Credential;
  readonly stored: StoredApp & { readonly device: Device };
}

export function createDevices({ accounts, crypt }: DevicesDeps) {
  const addressOf = (account: string, credential: string) =>
    sealedJson(vaultOf(crypt, account, credential), pushSubscription);

  return {
    /** Undefined where the account has no such device (any more). */
    deviceOf: (account: Account, credential: string): Device | undefined =>
      held(account, credential)?.stored.device,

    /** The seed that was shared with a device as it joined, for this once. */
    seedOf: (account: Account, credential: string, data: unknown): string =>
      vaultOf(crypt, account._id, credential).open(app.stored.parse(data).seed),

    /** Where it is woken from now on; nowhere without an address. False when it changed meanwhile. */
    setAddress: async (
      account: Account,
      credential: string,
      address: PushSubscription | undefined,
    ): Promise<boolean> => {
      const found = held(account, credential);
      if (!found) return false;
      const { push: _, isPushLost: __, ...device } = found.stored.device;
      const push = address && addressOf(account._id, credential).seal(address);
      return write(account, found, { ...device, ...(push !== undefined && { push }) });
    },

    /** The push service knows this address no more; the person is told when the device is next here. */
    forgetAddress: async ({ account: accountId, credential, outgoing }: Gone): Promise<void> => {
      if (!('subscription' in outgoing)) return;
      const { endpoint } = outgoing.subscription;
      const account = await accounts.findById(accountId);
      const found = account && held(account, credential);
      if (!account || !found) return;
      const { push, ...device } = found.stored.device;
      const address = push === undefined ? undefined : addressOf(accountId, credential).read(push);
      if (address?.endpoint !== endpoint) return;
      await write(account, found, { ...device, isPushLost: true });
    },
  };

  function write(account: Account, { credential, stored }: Held, device: Device): Promise<boolean> {
    return accounts.moveOn(account._id, credential, { data: { ...stored, device } });
  }
}

function held(account: Account, id: string): Held | undefined {
  const credential = account.credentials.find((one) => one.id === id && one.kind === app.id);
  const stored = app.stored.safeParse(credential?.data).data;
  const device = stored?.device;
  return credential && stored && device && { credential, stored: { ...stored, device } };
}

/** Of the device in a stored app, if it has one. */
export const keyIn = (data: unknown): string | undefined =>
  app.stored.safeParse(data).data?.device?.key;

/** Whether this device waits in the flow that is adding it. */
export const isDraftOf = ({ facts }: Flow, credential: string): boolean =>
  facts.enrolling?.draft?.id === credential;
