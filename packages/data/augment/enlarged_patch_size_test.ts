import { assertEquals } from "@std/assert";
import { GOLDEN } from "../testdata/augment_golden.ts";
import { augmentationRecipe } from "./augmentation_recipe.ts";
import { enlargedPatchSize } from "./enlarged_patch_size.ts";

Deno.test("enlargedPatchSize() equals nnU-Net's get_patch_size", () => {
  for (const { patchSize, dummy2d, enlarged } of GOLDEN.enlarged) {
    const recipe = augmentationRecipe("nnunet", { patchSize });
    assertEquals(recipe.dummy2d, dummy2d);
    assertEquals(enlargedPatchSize(patchSize, recipe), enlarged);
  }
});

Deno.test("enlargedPatchSize() is the patch size when nothing is rotated or scaled", () => {
  const recipe = augmentationRecipe("mirror", { patchSize: [48, 64, 48] });
  assertEquals(enlargedPatchSize([48, 64, 48], recipe), [48, 64, 48]);
});
