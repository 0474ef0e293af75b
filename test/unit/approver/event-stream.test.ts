import { expect } from 'chai';

import { approverModule } from '../../support/approver-module.ts';

interface EventStream {
  createReader(tell: (event: string, data: string) => void): (piece: string) => void;
}

describe('an event stream', () => {
  let eventStream: EventStream;
  before(async () => {
    eventStream = await approverModule<EventStream>('event-stream.js');
  });

  function read(...pieces: readonly string[]): string[] {
    const heard: string[] = [];
    const take = eventStream.createReader((event, data) => heard.push(`${event}|${data}`));
    for (const piece of pieces) take(piece);
    return heard;
  }

  it('may arrive in pieces cut anywhere', () => {
    const stream = ': hello\n\nevent: requests\ndata: [1]\n\nevent: requests\r\ndata: [2]\r\n\r\n';
    const whole = ['requests|[1]', 'requests|[2]'];
    expect(read(stream)).to.deep.equal(whole);
    for (let at = 1; at < stream.length; at += 1) {
      expect(read(stream.slice(0, at), stream.slice(at)), `cut at ${at}`).to.deep.equal(whole);
    }
    expect(read(...stream.split(''))).to.deep.equal(whole);
  });

  it('joins lines of data, and leaves out comments and fields it does not know', () => {
    expect(read('id: 7\ndata: a\ndata:b\nretry: 1\n:x\n\n\n\n')).to.deep.equal(['message|a\nb']);
  });

  it('keeps back what is not finished', () => {
    expect(read('event: requests\ndata: [1]\n')).to.deep.equal([]);
  });
});
