import { assertRejects } from "@std/assert";
import { preparePython } from "./python.ts";

Deno.test({
  name: "preparePython() refuses an environment with another PyTorch",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/bin`);
      const script = "#!/bin/sh\necho 2.9.0+cpu\n";
      await Deno.writeTextFile(`${folder}/bin/python`, script, { mode: 0o755 });
      await assertRejects(
        () => preparePython(folder),
        Error,
        `Cannot use the virtual environment ${folder}: expected PyTorch 2.13.0, found 2.9.0+cpu`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "preparePython() says so when pip is missing",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/bin`);
      const script = "#!/bin/sh\necho No module named $2 >&2\nexit 1\n";
      await Deno.writeTextFile(`${folder}/bin/python`, script, { mode: 0o755 });
      await assertRejects(
        () => preparePython(folder),
        Error,
        `Cannot find pip: ${folder}/bin/python -m pip --version failed: No module named pip`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
