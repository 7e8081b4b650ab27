"""Reference values at the extremes: mpmath with 60 digits, on the definitions. Run: python3 extremes.py (writes extremes.json)."""
import json
from pathlib import Path

from exact_student import student
from mpmath import findroot, log, mp, mpf, sqrt
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

mp.dps = 60


def critical_of(df, alpha=mpf("0.05")):
    start = mpf(float(stats.t.isf(0.025, float(df))))
    return findroot(lambda t: student(t, df) - log(alpha), (start, start * (1 + mpf("1e-6"))), solver="secant", tol=1e-28)


def lift_ends(d, b, v_d, v_b, covariance, critical):
    """Roots of (D - L B)^2 = c^2 var(D - L B), negated and swapped for a negative base."""
    c2 = critical**2
    a = b * b - c2 * v_b
    if a <= 0:
        return None
    root = sqrt((d * b - c2 * covariance) ** 2 - a * (d * d - c2 * v_d))
    ends = sorted(((d * b - c2 * covariance) - s * root) / a for s in (1, -1))
    return [float(e) for e in (ends if b > 0 else [-ends[1], -ends[0]])]


def compared(control, treatment):
    """Arms as (value, variance of the value, degrees of freedom)."""
    (m0, v0, f0), (m1, v1, f1) = control, treatment
    d, v = m1 - m0, v0 + v1
    df = v**2 / (v0**2 / f0 + v1**2 / f1)
    critical = critical_of(df)
    half = critical * sqrt(v)
    lift = lift_ends(d, m0, v, v0, -v0, critical)
    return {
        "logP": float(student(abs(d) / sqrt(v), df)),
        "difference": [float(d), float(d - half), float(d + half)],
        "lift": lift and [float(d / abs(m0)), *lift],
    }


def mean(control, treatment):
    arms = [(mpf(m), mpf(q) / (n - 1) / n, mpf(n - 1)) for n, m, q in (control, treatment)]
    return {"control": control, "treatment": treatment, **compared(*arms)}


step = 2.0**-10
means = {
    "means of 1e12 with a standard deviation of 0.01": mean([1000, 1e12, 0.1], [1000, 1e12 + step, 0.12]),
    "p far below 1e-300": mean([1_000_000, 5.0, 1e6], [1_000_000, 6.0, 1e6]),
    "p just above 1e-300": mean([100_000, 5.0, 1e5], [100_000, 5.165, 1e5]),
    "no variance in the control": mean([100, 5.0, 0.0], [120, 5.5, 240.0]),
    "no variance in the treatment": mean([100, 5.0, 300.0], [120, 5.5, 0.0]),
    "a negative baseline that rises": mean([400, -10.0, 900.0], [380, -5.0, 1000.0]),
    "a negative baseline that falls": mean([400, -5.0, 900.0], [380, -10.0, 1000.0]),
    "a negative baseline that turns positive": mean([400, -0.5, 900.0], [380, 0.5, 1000.0]),
    "a baseline of -1e-8, surely negative": mean([1000, -1e-8, 1e-14], [1000, 1e-8, 1e-14]),
    "a baseline that is hardly different from 0": mean([1000, 0.1, 999.0], [1000, 0.2, 999.0]),
    "a baseline that could be 0": mean([1000, 1e-9, 999.0], [1000, 0.1, 999.0]),
    "two users in each arm": mean([2, 1.0, 0.5], [2, 4.0, 2.0]),
}


def ratio(control, treatment):
    """Pairs (y, x) of raw data; delta method on them."""
    arms, moments = [], []
    for pairs in (control, treatment):
        n = len(pairs)
        y, x = [mpf(p[0]) for p in pairs], [mpf(p[1]) for p in pairs]
        r = sum(y) / sum(x)
        variance = sum((a - r * b) ** 2 for a, b in zip(y, x)) / (n - 1) / n / (sum(x) / n) ** 2
        arms.append((r, variance, mpf(n - 1)))
    return {"control": control, "treatment": treatment, **compared(*arms)}


tiny = lambda shift, scale: [[(1 + (i * 7 % 5) / 4 + shift) * scale, ((i * 3 % 7) / 2 - 1.25) * scale] for i in range(60)]
ratios = {
    "denominators of both signs, near 0 in the mean": ratio(tiny(0, 1.0), tiny(0.5, 1.0)),
    "denominators of 1e-150": ratio([[2 + i % 3, (1 + i % 4) * 1e-150] for i in range(50)], [[3 + i % 3, (1 + i % 4) * 1e-150] for i in range(50)]),
    "most denominators 0": ratio([[i % 2, 1.0 if i % 10 == 0 else 0.0] for i in range(100)], [[i % 3, 1.0 if i % 9 == 0 else 0.0] for i in range(100)]),
}


def share(n0, c0, n1, c1):
    low, high = confint_proportions_2indep(c1, n1, c0, n0, method="newcomb", compare="diff")
    return {"control": [n0, c0], "treatment": [n1, c1], "newcombe": [float(low), float(high)]}


shares = {
    "one user, who converted": share(60, 20, 1, 1),
    "one user in each arm": share(1, 0, 1, 1),
    "no conversion in the control": share(5000, 0, 5000, 9),
    "no conversion in the treatment": share(40, 6, 40, 0),
    "all converted in the control": share(50, 50, 50, 40),
}

splits = []
for counts, weights in (([1000, 1010, 0], [1, 1, 0]), ([0, 4072, 2035], [0, 80, 20]), ([10**9, 10**9 + 10**6], [1e-9, 1e-9])):
    open_ = [(n, w) for n, w in zip(counts, weights) if w > 0]
    total, whole = sum(n for n, _ in open_), sum(mpf(w) for _, w in open_)
    chi2 = sum((n - total * mpf(w) / whole) ** 2 / (total * mpf(w) / whole) for n, w in open_)
    p = mp.gammainc(mpf(len(open_) - 1) / 2, chi2 / 2, regularized=True)
    splits.append({"counts": counts, "weights": weights, "chi2": float(chi2), "p": max(1e-300, float(p))})

data = {"means": means, "ratios": ratios, "shares": shares, "splits": splits}
Path(__file__).with_name("extremes.json").write_text(json.dumps(data) + "\n")
