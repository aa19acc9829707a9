# Fits the polynomials of gelu.ts. Needs numpy 2.x and scipy 1.x; prints the coefficients and their worst error.
#
# R(t) = exp(t^2 / 2) * Phi(-t), for t in [0, 14.5], is smooth; in s = (t - 3) / (t + 3) a polynomial of degree 9 reaches
# a relative error of 1e-8. Weights of a least-squares fit are raised where the error is large (Lawson's algorithm).
#
# exp(-r / 2), for |r| <= 0.7, is 1 - r / 2 + r^2 P(r); P of degree 4 reaches 3.3e-9.
import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import erfcx

DEGREE, CENTRE, LAST = 9, 3.0, 14.5

theta = np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
low, high = -1.0, (LAST - CENTRE) / (LAST + CENTRE)
s = (low + high) / 2 + (high - low) / 2 * theta
t = CENTRE * (1 + s) / (1 - s)
ratio = erfcx(t / np.sqrt(2)) / 2
basis, weight, best = chebyshev.chebvander(s, DEGREE), 1 / ratio, (1.0, None)
for _ in range(200):
    fit = np.linalg.lstsq(basis * weight[:, None], ratio * weight, rcond=None)[0]
    error = np.abs(basis @ fit / ratio - 1)
    best = min(best, (error.max(), tuple(chebyshev.cheb2poly(fit))))
    weight = weight * (0.3 + error / error.max()) ** 0.5
print("largest relative error", best[0])
ratio_coefficients = best[1]
for power, coefficient in enumerate(ratio_coefficients):
    print(power, repr(float(np.float32(coefficient))))

r = 0.7 * theta
rest = (np.exp(-r / 2) - 1 + r / 2) / r**2
scale = r**2 / np.exp(-r / 2)
basis, weight, best = np.vander(r, 5, increasing=True), np.ones_like(r), (1.0, None)
for _ in range(200):
    factor = np.sqrt(weight) * scale
    fit = np.linalg.lstsq(basis * factor[:, None], rest * factor, rcond=None)[0]
    error = np.abs((basis @ fit - rest) * scale)
    best = min(best, (error.max(), tuple(fit)))
    weight = weight * (0.05 + error / error.max())
    weight = weight / weight.max()
print("largest relative error of exp(-r / 2)", best[0])
for power, coefficient in enumerate(best[1]):
    print(power + 2, repr(float(coefficient)))

# The float32 coefficients of the ratio, moved by a few units in their last place until the polynomial, evaluated as gelu.ts
# does, has no bias for t < 4: a bias of a tenth of a unit adds up over a network. A random search; about a minute.
single = np.float32
rng = np.random.default_rng(0)
t = np.concatenate([np.sort(rng.uniform(0, 4, 6000)), np.sort(rng.uniform(4, 13, 1500))]).astype(single)
exact = erfcx(t.astype(float) / np.sqrt(2)) / 2
s = (t - single(3)) / (t + single(3))
s2 = s * s


def fused(a, b, c):
    return (a.astype(float) * np.float64(b) + np.float64(c)).astype(single)


def cost(c):
    p = fused(s, c[0], c[1])
    for k in (2, 4, 6, 8):
        p = fused(p, s2, fused(s, c[k], c[k + 1]))
    error = (p / exact - 1) * 2**24
    near, far = error[t < 4], error[t >= 4]
    bias = np.mean([part.mean() ** 2 for part in np.array_split(near, 8)])
    outlier = 100 if np.abs(error).max() > 6 else 0
    return np.mean(near**2) + 2 * bias + 0.05 * np.mean(far**2) + outlier


coefficients = [single(c) for c in ratio_coefficients[::-1]]
lowest = cost(coefficients)
for _ in range(20000):
    moved = list(coefficients)
    for k in rng.choice(10, size=rng.integers(1, 4), replace=False):
        steps = 6 if k < 7 else 2
        moved[k] = single(moved[k] + np.spacing(moved[k]) * rng.integers(-steps, steps + 1))
    if cost(moved) < lowest:
        lowest, coefficients = cost(moved), moved
print("ratio, from the highest power", [repr(float(c)) for c in coefficients])
