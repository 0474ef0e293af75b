// Reads a text/event-stream (HTML standard, section 9.2.6) piece by piece: EventSource itself
// can only GET, and what is asked here does not belong in an address.

/** Returns what takes pieces as they arrive; `tell(event, data)` hears of each whole event. */
export function createReader(tell) {
  let rest = '';
  let event = '';
  let data = [];

  function take(line) {
    if (line === '') return finish();
    const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line);
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }

  function finish() {
    if (data.length > 0) tell(event || 'message', data.join('\n'));
    event = '';
    data = [];
  }

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    lines.forEach(take);
  };
}
