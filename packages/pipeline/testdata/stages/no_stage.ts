/** Not a stage: for tests. */
export default { run: "fast" };
