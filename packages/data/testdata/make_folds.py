"""Writes folds.json: the order of numpy's legacy shuffle and KFold(5, shuffle, 12345) built on it.

numpy 2.4.6, scikit-learn 1.7.2. Run: python make_folds.py
"""
import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import KFold

out = {"permutation_10_seed_0": np.random.RandomState(0).permutation(10).tolist(), "validation": {}, "sha256": {}}
for n in (5, 10, 131, 200, 260):
    folds = KFold(5, shuffle=True, random_state=12345).split(np.arange(n))
    pairs = [{"train": a.tolist(), "val": b.tolist()} for a, b in folds]
    text = json.dumps(pairs, separators=(",", ":"))
    out["sha256"][str(n)] = hashlib.sha256(text.encode()).hexdigest()
    if n <= 10:
        out["validation"][str(n)] = [p["val"] for p in pairs]
Path(__file__).with_name("folds.json").write_text(json.dumps(out, indent=1) + "\n")
