/**
 * Loaded into a process of the product by NODE_OPTIONS: the bug that nobody foresaw, when a
 * signal asks for it.
 */
process
  .on('SIGUSR2', () => {
    throw new Error('nobody foresaw this');
  })
  .on('SIGHUP', () => {
    void Promise.reject(new Error('nobody waited for this'));
  });
