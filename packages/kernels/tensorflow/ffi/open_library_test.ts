import { assertEquals, assertRejects } from "@std/assert";
import { candidates, LIBRARY_NAMES, libraryAt, VARIABLE } from "./find_library.ts";
import { openLibrary } from "./open_library.ts";

const EXPECTED = `Cannot open TensorFlow: expected ${
  LIBRARY_NAMES[0]
} of version 2.15 or later, found `;

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function withVariable(name: string, value: string, run: () => Promise<void>): Promise<void> {
  const before = Deno.env.get(name);
  Deno.env.set(name, value);
  try {
    await run();
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}

Deno.test("openLibrary() says that there is no library where it was told to look", async () => {
  const error = await assertRejects(() => openLibrary("/nowhere/at/all"), Error);
  assertEquals(error.message, `${EXPECTED}/nowhere/at/all (the option library): no such library`);
  await withVariable(VARIABLE, "/nowhere/else", async () => {
    const error = await assertRejects(() => openLibrary(), Error);
    assertEquals(error.message, `${EXPECTED}/nowhere/else (${VARIABLE}): no such library`);
  });
});

Deno.test("openLibrary() says that a file is no library, and looks no further", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/${LIBRARY_NAMES[0]}`;
    await Deno.writeTextFile(file, "I am text");
    for (const path of [file, folder]) {
      const error = await assertRejects(() => openLibrary(path), Error);
      const start = `${EXPECTED}${path} (the option library): cannot be opened (`;
      assertEquals(error.message.slice(0, start.length), start);
      assertEquals(error.message.includes("\n"), false);
      assertEquals(error.message.includes("Could not open library"), false);
    }
  });
});

Deno.test("openLibrary() says that a folder has no library in it", async () => {
  await inFolder(async (folder) => {
    const error = await assertRejects(() => openLibrary(folder), Error);
    const what = `a folder without ${LIBRARY_NAMES.join(" or ")}`;
    assertEquals(error.message, `${EXPECTED}${folder} (the option library): ${what}`);
  });
});

Deno.test("libraryAt() takes a bare name for a file of the working directory", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.so`, "I am text");
    const cwd = Deno.cwd();
    Deno.chdir(folder);
    try {
      assertEquals(libraryAt("mine.so"), `${Deno.cwd()}/mine.so`);
    } finally {
      Deno.chdir(cwd);
    }
  });
});

Deno.test("openLibrary() says which function a library of something else lacks", async () => {
  const library = Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
  await inFolder(async (folder) => {
    // Whatever this process has loaded under that name.
    const file = `${folder}/${LIBRARY_NAMES[0]}`;
    const maps = Deno.build.os === "linux" ? await Deno.readTextFile("/proc/self/maps") : "";
    const path = /\S+libc\.so\.6/.exec(maps)?.[0] ?? library;
    await Deno.symlink(path, file);
    const error = await assertRejects(() => openLibrary(folder), Error);
    const start = `${EXPECTED}${folder} (the option library): cannot be opened (`;
    assertEquals(error.message.slice(0, start.length), start);
    assertEquals(/TFE?_\w+/.test(error.message), true, error.message);
  });
});

Deno.test("candidates() looks at the package of npm, at pip, then at the setup", async () => {
  await inFolder(async (folder) => {
    const places = [
      `${folder}/node_modules/@tensorflow/tfjs-node-gpu/deps/lib`,
      `${folder}/venv/lib/python3.12/site-packages/tensorflow`,
      `${folder}/.mednext/tensorflow/tensorflow`,
    ];
    for (const place of places) await Deno.mkdir(place, { recursive: true });
    await Deno.mkdir(`${folder}/deep/er`, { recursive: true });
    const cwd = Deno.cwd();
    Deno.chdir(`${folder}/deep/er`);
    try {
      await withVariable("VIRTUAL_ENV", `${folder}/venv`, async () => {
        await withVariable(VARIABLE, "", async () => {
          const found = (await candidates()).filter(({ path }) => path.includes(folder));
          assertEquals(found.map(({ source }) => source), [
            "tfjs-node-gpu",
            "pip",
            "setup:tensorflow",
          ]);
          assertEquals(found.map(({ path }) => path.slice(path.indexOf(folder))), places);
        });
      });
    } finally {
      Deno.chdir(cwd);
    }
  });
});
