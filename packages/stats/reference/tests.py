"""Reference tests and intervals by scipy, statsmodels and mpmath. Run: python3 tests.py (writes tests.json)."""
import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from exact_student import student
from mpmath import mp, mpf, polyroots
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

mp.dps = 50
rng = np.random.default_rng(20261125)


def fieller(difference, base, v_difference, v_base, covariance, critical):
    """Roots of (D - L B)^2 = c^2 var(D - L B): the definition, not the closed form."""
    d, b, c2 = mpf(difference), mpf(base), mpf(critical) ** 2
    a = b * b - c2 * mpf(v_base)
    if a <= 0:
        return None
    roots = polyroots([a, -2 * (d * b - c2 * mpf(covariance)), d * d - c2 * mpf(v_difference)], maxsteps=500, extraprec=500)
    ends = sorted(float(r.real) for r in roots)
    return ends if base > 0 else [-ends[1], -ends[0]]


def welch(control, treatment, alpha=0.05):
    (n0, m0, q0), (n1, m1, q1) = control, treatment
    s0, s1 = q0 / (n0 - 1), q1 / (n1 - 1)
    v0, v1 = s0 / n0, s1 / n1
    p = stats.ttest_ind_from_stats(m1, s1**0.5, n1, m0, s0**0.5, n0, equal_var=False).pvalue
    df = (v0 + v1) ** 2 / (v0**2 / (n0 - 1) + v1**2 / (n1 - 1))
    critical = stats.t.isf(alpha / 2, df)
    half = critical * (v0 + v1) ** 0.5
    log_p = float(student(abs(m1 - m0) / (v0 + v1) ** 0.5, df))
    lift = fieller(m1 - m0, m0, v0 + v1, v0, -v0, critical) if m0 else None
    return {
        "control": control, "treatment": treatment, "alpha": alpha, "p": float(p), "logP": log_p,
        "difference": [m1 - m0, m1 - m0 - half, m1 - m0 + half], "lift": lift,
    }


def moments(x):
    x = np.asarray(x, dtype=float)
    return [len(x), float(x.mean()), float(((x - x.mean()) ** 2).sum())]


means = [
    welch([900, 10.0, 3600.0], [1100, 10.4, 5000.0]),
    welch([2, 1.0, 0.5], [3, 4.0, 2.0]),
    welch([50_000, 1e12, 50_000.0], [50_000, 1e12 + 0.02, 51_000.0]),
    welch([400, -10.0, 900.0], [380, -5.0, 1000.0]),
    welch([100, 5.0, 0.0], [120, 5.2, 240.0]),
    welch([300, 0.1, 3000.0], [300, 0.4, 3000.0]),
    welch([10_000, 3.0, 40_000.0], [10_000, 2.4, 42_000.0], 0.001),
    welch([1_000_000, 1.0, 1e6], [1_000_000, 1.1, 1e6]),
    welch([1000, 1e-9, 1e-16], [1000, 1.1e-9, 1e-16]),
]


def proportion(n0, c0, n1, c1):
    low, high = confint_proportions_2indep(c1, n1, c0, n0, method="newcomb", compare="diff")
    x0, x1 = np.r_[np.ones(c0), np.zeros(n0 - c0)], np.r_[np.ones(c1), np.zeros(n1 - c1)]
    p = stats.ttest_ind(x1, x0, equal_var=False).pvalue if min(c0, c1) > 0 else None
    return {"control": [n0, c0], "treatment": [n1, c1], "newcombe": [float(low), float(high)], "welchP": None if p is None else float(p)}


proportions = [proportion(*c) for c in [(1000, 100, 1000, 130), (56, 2, 60, 9), (29, 0, 56, 5), (9000, 4, 1000, 3), (40, 38, 44, 40)]]

# Users in companies: per cluster the sum and the number of values; cluster-robust least squares (CR0) x K/(K-1), and the
# degrees of freedom of as many clusters of equal size as weigh the same: (sum of sizes)^2 / (sum of their squares) - 1.
clusters = []
for sizes, effect in (((60, 70), 0.3), ((8, 9), 0.0)):
    rows, pairs = [], []
    for arm, k in enumerate(sizes):
        arm_pairs = []
        for c in range(k):
            n = int(rng.integers(1, 12))
            values = rng.normal(5 + effect * arm, 1, n) + rng.normal(0, 1)
            rows += [(v, arm, arm * 1000 + c) for v in values]
            arm_pairs.append([float(values.sum()), n])
        pairs.append(arm_pairs)
    y, arm, cluster = (np.array(column) for column in zip(*rows))
    variances = []
    for a in (0, 1):
        keep = arm == a
        fit = sm.OLS(y[keep], np.ones(keep.sum())).fit(
            cov_type="cluster", cov_kwds={"groups": cluster[keep], "use_correction": False}
        )
        variances.append(float(fit.bse[0] ** 2 * sizes[a] / (sizes[a] - 1)))
    difference = float(y[arm == 1].mean() - y[arm == 0].mean())
    v0, v1 = variances
    counts = [np.array([n for _, n in arm_pairs]) for arm_pairs in pairs]
    k0, k1 = (float(n.sum() ** 2 / (n**2).sum()) for n in counts)
    df = (v0 + v1) ** 2 / (v0**2 / (k0 - 1) + v1**2 / (k1 - 1))
    clusters.append({
        "pairs": pairs, "difference": difference, "p": float(2 * stats.t.sf(abs(difference) / (v0 + v1) ** 0.5, df)),
        "half": float(stats.t.isf(0.025, df) * (v0 + v1) ** 0.5),
        "lift": fieller(difference, y[arm == 0].mean(), v0 + v1, v0, -v0, stats.t.isf(0.025, df)),
    })

# CUPED over three arms: the slope and the differences are those of ANCOVA.
arms = []
for n, effect in ((200, 0.0), (180, 0.3), (220, -0.1)):
    x = rng.gamma(2, 2, n)
    arms.append((0.8 * x + rng.normal(0, 1.5, n) + effect + 1, x))
y = np.concatenate([a[0] for a in arms])
x = np.concatenate([a[1] for a in arms])
label = np.repeat([0, 1, 2], [len(a[0]) for a in arms])
ancova = sm.OLS(y, np.column_stack([np.ones(len(y)), label == 1, label == 2, x]).astype(float)).fit()
theta = float(ancova.params[3])
cuped = {"arms": [[list(map(float, a[0])), list(map(float, a[1]))] for a in arms], "theta": theta, "comparisons": []}
for k in (1, 2):
    z = [a[0] - theta * a[1] for a in arms]
    result = stats.ttest_ind(z[k], z[0], equal_var=False)
    n0, n1 = len(z[0]), len(z[k])
    v0, v1 = float(z[0].var(ddof=1) / n0), float(z[k].var(ddof=1) / n1)
    df = (v0 + v1) ** 2 / (v0**2 / (n0 - 1) + v1**2 / (n1 - 1))
    difference = float(ancova.params[k])
    base = arms[0][0]
    covariance = float(-np.cov(z[0], base)[0, 1] / n0)
    critical = stats.t.isf(0.025, df)
    cuped["comparisons"].append({
        "difference": difference, "p": float(result.pvalue),
        "lift": fieller(difference, base.mean(), v0 + v1, base.var(ddof=1) / n0, covariance, critical),
    })

# Quantiles by numpy (type 7), and the split by scipy.
values = np.sort(rng.lognormal(0, 1, 600))
half = stats.norm.isf(0.025) * np.sqrt(0.9 * 0.1 / 600)
quantiles = {"values": list(map(float, values)), "p90": [float(np.quantile(values, q)) for q in (0.9 - half, 0.9, 0.9 + half)]}
splits = []
for counts, weights in (([5020, 4980], [1, 1]), ([4072, 2035], [80, 20]), ([1000, 1010, 985, 1100], [1, 1, 1, 1])):
    expected = np.array(weights) / sum(weights) * sum(counts)
    chi2, p = stats.chisquare(counts, expected)
    k, theta_ = mpf(10_000), [mpf(w) / sum(weights) for w in weights]
    log_b = lambda a: sum(mp.loggamma(v) for v in a) - mp.loggamma(sum(a))
    evidence = log_b([k * t + n for t, n in zip(theta_, counts)]) - log_b([k * t for t in theta_])
    evidence -= sum(n * mp.log(t) for t, n in zip(theta_, counts))
    splits.append({"counts": counts, "weights": weights, "chi2": float(chi2), "p": float(p), "logEvidence": float(evidence)})

p_values = [0.001, 0.031, 0.013, 0.2, 0.03, 0.9]
corrections = {
    "p": p_values,
    "holm": list(map(float, multipletests(p_values, method="holm")[1])),
    "bh": list(map(float, multipletests(p_values, method="fdr_bh")[1])),
}
# Hillstrom's e-mail test: no e-mail, men's, women's; visits and conversions as two primary metrics, Holm over the four.
hillstrom = {"arms": [21_306, 21_307, 21_387], "visits": [2_262, 3_894, 3_238], "conversions": [122, 267, 189]}
raw = []
for name in ("visits", "conversions"):
    for k in (1, 2):
        samples = [np.r_[np.ones(hillstrom[name][i]), np.zeros(hillstrom["arms"][i] - hillstrom[name][i])] for i in (0, k)]
        raw.append(float(stats.ttest_ind(samples[1], samples[0], equal_var=False).pvalue))
hillstrom |= {"p": raw, "holm": list(map(float, multipletests(raw, method="holm")[1]))}
data = {
    "hillstrom": hillstrom,
    "means": means, "proportions": proportions, "clusters": clusters, "cuped": cuped,
    "quantiles": quantiles, "splits": splits, "corrections": corrections,
}
Path(__file__).with_name("tests.json").write_text(json.dumps(data) + "\n")
