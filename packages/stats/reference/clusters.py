"""False positives of a clustered mean by degrees of freedom, with few clusters and unlike ones. Run: python3 clusters.py"""
import numpy as np
from scipy import stats

RUNS = 40_000
rng = np.random.default_rng(20261125)


def alike(shape):
    return 1 + rng.poisson(6, shape)


def unlike(shape):
    return np.maximum(1, np.rint(7 * np.exp(0.9 * rng.standard_normal(shape))))


def arm(k, sizes):
    """Means, K/(K-1) CR0 and CR2 variances, and effective numbers of clusters, of RUNS arms."""
    n = sizes((RUNS, k))
    y = n * rng.standard_normal((RUNS, k)) + np.sqrt(n) * rng.standard_normal((RUNS, k))
    whole = n.sum(1)
    mean = y.sum(1) / whole
    rest = y - mean[:, None] * n
    cr0 = (rest**2).sum(1) / whole**2
    cr2 = (rest**2 / (1 - n / whole[:, None])).sum(1) / whole**2
    return mean, cr0 * k / (k - 1), cr2, whole**2 / (n**2).sum(1)


def errors(d, v0, v1, f0, f1):
    df = (v0 + v1) ** 2 / (v0**2 / f0 + v1**2 / f1)
    return f"{100 * np.mean(2 * stats.t.sf(np.abs(d) / np.sqrt(v0 + v1), df) < 0.05):.2f} %"


for name, sizes in (("alike", alike), ("unlike", unlike)):
    for k in (80, 40, 20):
        (m0, v0, c0, e0), (m1, v1, c1, e1) = arm(k, sizes), arm(k, sizes)
        plain = errors(m1 - m0, v0, v1, k - 1, k - 1)
        own = errors(m1 - m0, v0, v1, e0 - 1, e1 - 1)
        cr2 = errors(m1 - m0, c0, c1, e0 - 1, e1 - 1)
        print(f"{k} {name}: effective {e0.mean():.0f}; K - 1 {plain}, effective number - 1 {own}, with CR2 {cr2}")
