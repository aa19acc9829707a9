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
for power, coefficient in enumerate(best[1]):
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
