import { assertEquals } from "@std/assert";
import { modelCard } from "./model_card.ts";

Deno.test("modelCard() says what a model is, whatever the names are", () => {
  const card = modelCard({
    network: { inputChannels: 2, classes: 2, kernelSize: 3 },
    labels: [0, 1, 2].map((value) => ({ name: `label ${value}`, value })),
    ignoreLabel: 3,
    regions: [{ name: "whole | tumor\n# me", values: [1, 2] }, { name: "core", values: [2] }],
    regionsClassOrder: [1, 2],
    channelNames: ["T1", "CT"],
    plan: { spacing: [1, 0.5, 0.5], normalization: [{ scheme: "zscore" }, { scheme: "ct" }] },
    patchSize: [32, 64, 64],
    mirrorAxes: [0, 2],
    training: { dataset: "Brains", fold: 3, parameters: {} },
    metrics: { pseudoDice: 0.87654, other: 0.5 },
  });
  // 5,550,947 with one channel and three classes (the paper's release): 32 more for the channel in the stem, 33
  // fewer for the class in the head.
  assertEquals(
    card,
    `# Brains

A model for the segmentation of 3-D medical images, made with MedNeXt on Deno. Not a medical device.

|  |  |
| --- | --- |
| Network | MedNeXt S, kernel 3, 32 channels |
| Parameters | 5,550,946 |
| Data set | Brains, fold 3 |
| Channels | T1 (zscore), CT (ct) |
| Spacing (D, H, W) | 1 x 0.5 x 0.5 mm |
| Patch (D, H, W) | 32 x 64 x 64 voxels |
| Mirrored along | D, W |
| Dice on validation patches | 0.8765 |
| other | 0.5000 |

| value | region, painted in this order | labels in it |
| --- | --- | --- |
| 1 | whole \\| tumor # me | 1, 2 |
| 2 | core | 2 |

Voxels of the value 3 were ignored in the training.

To segment images with it, from the folder that this folder lies in:

    deno run -A jsr:@mednext/pipeline predict --model FOLDER --output masks IMAGES

\`model.json\` says all of this and how images are preprocessed; \`weights.safetensors\` holds the weights.
`,
  );
});
