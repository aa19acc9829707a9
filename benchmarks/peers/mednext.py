"""MedNeXt (arXiv 2303.09975) in PyTorch, as plain as its users write it.

Parameters have the names and shapes of the paper's release. Tensors are [N, C, D, H, W].
"""

from torch import nn
import torch.nn.functional as F

LEVELS = 4

# Encoder 0 to 3, bottleneck, decoder 3 to 0.
RATIOS = {
    "S": [2] * 9,
    "B": [2, 3, 4, 4, 4, 4, 4, 3, 2],
    "M": [2, 3, 4, 4, 4, 4, 4, 3, 2],
    "L": [3, 4, 8, 8, 8, 8, 8, 4, 3],
}
BLOCKS = {
    "S": [2] * 9,
    "B": [2] * 9,
    "M": [3, 4, 4, 4, 4, 4, 4, 4, 3],
    "L": [3, 4, 8, 8, 8, 8, 8, 4, 3],
}


class Block(nn.Module):
    """Depthwise convolution, norm, expansion, GELU, compression, plus the input."""

    def __init__(self, inputs, outputs, ratio, kernel):
        super().__init__()
        self.conv1 = self.depthwise(inputs, kernel)
        self.norm = nn.GroupNorm(inputs, inputs)
        self.conv2 = nn.Conv3d(inputs, ratio * inputs, 1)
        self.conv3 = nn.Conv3d(ratio * inputs, outputs, 1)

    @staticmethod
    def depthwise(channels, kernel):
        return nn.Conv3d(channels, channels, kernel, padding=kernel // 2, groups=channels)

    def inside(self, x):
        return self.conv3(F.gelu(self.conv2(self.norm(self.conv1(x)))))

    def forward(self, x):
        return x + self.inside(x)


class DownBlock(Block):
    """Half the size, twice the channels."""

    def __init__(self, channels, ratio, kernel):
        super().__init__(channels, 2 * channels, ratio, kernel)
        self.res_conv = nn.Conv3d(channels, 2 * channels, 1, stride=2)

    @staticmethod
    def depthwise(channels, kernel):
        return nn.Conv3d(channels, channels, kernel, stride=2, padding=kernel // 2, groups=channels)

    def forward(self, x):
        return self.inside(x) + self.res_conv(x)


class UpBlock(Block):
    """Twice the size, half the channels: 2n - 1 voxels, and one of zeros in front of each axis."""

    def __init__(self, channels, ratio, kernel):
        super().__init__(channels, channels // 2, ratio, kernel)
        self.res_conv = nn.ConvTranspose3d(channels, channels // 2, 1, stride=2)

    @staticmethod
    def depthwise(channels, kernel):
        return nn.ConvTranspose3d(
            channels, channels, kernel, stride=2, padding=kernel // 2, groups=channels
        )

    def forward(self, x):
        return F.pad(self.inside(x) + self.res_conv(x), (1, 0, 1, 0, 1, 0))


class Head(nn.Module):
    """Logits of one resolution."""

    def __init__(self, channels, classes):
        super().__init__()
        self.conv_out = nn.ConvTranspose3d(channels, classes, 1)

    def forward(self, x):
        return self.conv_out(x)


class MedNeXt(nn.Module):
    """The network: a list of logits, full resolution first; one without deep supervision."""

    def __init__(self, input_channels, classes, size, kernel, deep_supervision, base=32):
        super().__init__()
        ratios, blocks = RATIOS[size], BLOCKS[size]

        def stage(level, index):
            width = base * 2**level
            return nn.Sequential(
                *[Block(width, width, ratios[index], kernel) for _ in range(blocks[index])]
            )

        self.stem = nn.Conv3d(input_channels, base, 1)
        for i in range(LEVELS):
            setattr(self, f"enc_block_{i}", stage(i, i))
            setattr(self, f"down_{i}", DownBlock(base * 2**i, ratios[i + 1], kernel))
        self.bottleneck = stage(LEVELS, LEVELS)
        for i in reversed(range(LEVELS)):
            index = 2 * LEVELS - i
            setattr(self, f"up_{i}", UpBlock(base * 2 ** (i + 1), ratios[index], kernel))
            setattr(self, f"dec_block_{i}", stage(i, index))
        self.heads = LEVELS + 1 if deep_supervision else 1
        for i in range(self.heads):
            setattr(self, f"out_{i}", Head(base * 2**i, classes))

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for i in range(LEVELS):
            x = getattr(self, f"enc_block_{i}")(x)
            skips.append(x)
            x = getattr(self, f"down_{i}")(x)
        x = self.bottleneck(x)
        features = [x]
        for i in reversed(range(LEVELS)):
            x = getattr(self, f"dec_block_{i}")(skips[i] + getattr(self, f"up_{i}")(x))
            features.insert(0, x)
        return [getattr(self, f"out_{i}")(features[i]) for i in range(self.heads)]
