/** The self-test as it is, of the one backend that is on every machine and takes no time. */
import measureBackends from "../self_test/self_test_stage.ts";

export default {
  ...measureBackends,
  run(context: Parameters<typeof measureBackends.run>[0]) {
    const { backend } = context.params;
    if (backend !== "wasm") throw new Error(`Cannot test ${backend}`);
    return measureBackends.run(context);
  },
};
