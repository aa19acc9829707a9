import { assertEquals } from "@std/assert";
import { v8Flags } from "./v8_flags.ts";

/** What `hasV8Flags()` says in a process of its own. */
async function inProcess(env: Record<string, string>, permission = "-A"): Promise<string> {
  const module = new URL("./has_v8_flags.ts", import.meta.url).href;
  const { DENO_V8_FLAGS: _, ...inherited } = Deno.env.toObject();
  const folder = await Deno.makeTempDir();
  const file = `${folder}/main.ts`;
  await Deno.writeTextFile(
    file,
    `import { hasV8Flags } from "${module}"; console.log(hasV8Flags());`,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", permission, file],
    clearEnv: true,
    env: { ...inherited, ...env },
    stderr: "inherit",
  }).output();
  await Deno.remove(folder, { recursive: true });
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("hasV8Flags() is true when the process was started with v8Flags()", async () => {
  const DENO_V8_FLAGS = [...v8Flags(), "--max-old-space-size=4096"].join(",");
  assertEquals(await inProcess({ DENO_V8_FLAGS }), String(v8Flags().length > 0));
});

Deno.test("hasV8Flags() is false without them, or with some of them", async () => {
  assertEquals(await inProcess({}), "false");
  assertEquals(await inProcess({ DENO_V8_FLAGS: "--max-old-space-size=4096" }), "false");
});

Deno.test("hasV8Flags() is false, and asks nobody, when the environment may not be read", async () => {
  const DENO_V8_FLAGS = v8Flags().join(",");
  assertEquals(await inProcess({ DENO_V8_FLAGS }, "--allow-read"), "false");
});
