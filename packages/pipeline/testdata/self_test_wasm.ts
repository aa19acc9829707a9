/** The self-test as it is, of the one backend that is on every machine and takes no time. */
import selfTest from "../self_test/self_test_stage.ts";

export default {
  ...selfTest,
  run(context: Parameters<typeof selfTest.run>[0]) {
    const { backend } = context.params;
    if (backend !== "wasm") throw new Error(`Cannot test ${backend}`);
    return selfTest.run(context);
  },
};
