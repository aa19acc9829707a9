"""Writes erfc.json: the complementary error function to 30 digits, rounded to float64.

mpmath==1.3.0:

    python packages/kernels/testdata/make_erfc.py && deno fmt packages/kernels/testdata
"""
import json
import pathlib

import mpmath

mpmath.mp.dps = 30
POINTS = [0, 1e-10, 0.1, 0.5, 1, 1.4999, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10, 20, -0.3, -1, -2, -5]
values = [[x, float(mpmath.erfc(mpmath.mpf(x)))] for x in POINTS]
path = pathlib.Path(__file__).with_name("erfc.json")
path.write_text(json.dumps(values) + "\n")
