import { expect } from 'chai';

import { createDiskWatch } from '../../../src/lib/disk-watch.ts';

const full = (): Error => Object.assign(new Error('no room'), { code: 14031 });

/** A disk with so many bytes of room, or with another fault. */
function world() {
  const told: string[] = [];
  const written: number[] = [];
  const disk = { room: Infinity, fault: undefined as Error | undefined };
  const tell = (_: object, event: string): void => void told.push(event);
  const watch = createDiskWatch({
    async write(bytes) {
      if (disk.fault) throw disk.fault;
      if (bytes >= disk.room) throw full();
      written.push(bytes);
    },
    log: { error: tell, warn: tell },
  });
  const isReady = async (): Promise<boolean> => {
    await watch.turn();
    return watch.check().then(
      () => true,
      () => false,
    );
  };
  return { watch, disk, told, written, isReady };
}

describe('the watch on the disk', () => {
  it('says once that it is full, and once that there is room again', async () => {
    const { disk, told, isReady } = world();
    expect(await isReady()).to.equal(true);
    disk.room = 0;
    for (const _ of [1, 2]) expect(await isReady()).to.equal(false);
    disk.room = Infinity;
    for (const _ of [1, 2]) expect(await isReady()).to.equal(true);
    expect(told).to.deep.equal(['disk.full', 'disk.has-room']);
  });

  it('knows it from whatever failed, and of nothing else', () => {
    const { watch, told } = world();
    expect(watch.isToBlame(new Error('a bug'))).to.equal(false);
    for (const _ of [1, 2]) expect(watch.isToBlame(full())).to.equal(true);
    expect(told).to.deep.equal(['disk.full']);
  });

  it('takes a crumb of room for none', async () => {
    const { watch, disk, isReady, told } = world();
    watch.isToBlame(full());
    disk.room = 4096;
    expect(await isReady()).to.equal(false);
    disk.room = Infinity;
    expect(await isReady()).to.equal(true);
    expect(told).to.deep.equal(['disk.full', 'disk.has-room']);
  });

  it('writes nothing for those who ask', async () => {
    const { watch, written } = world();
    await watch.check();
    expect(written).to.deep.equal([]);
  });

  it('leaves other faults of the database to others', async () => {
    const { disk, told, isReady } = world();
    disk.fault = new Error('not primary');
    expect(await isReady()).to.equal(true);
    expect(told).to.deep.equal([]);
  });
});
