/* mocha's usual output, and the counts as JSON where MOCHA_REPORT says: .ci/run adds them up. */
const { writeFileSync } = require('node:fs');
const mocha = require('mocha');

class CountingReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.MOCHA_REPORT;
      if (file) {
        const { passes, failures } = this.stats;
        writeFileSync(file, JSON.stringify({ passes, failures }));
      }
    });
  }
}

module.exports = CountingReporter;
