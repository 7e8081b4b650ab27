"""Two published experiments by scipy and statsmodels. Run: python3 published.py (writes published.json).

Cookie Cats (Mobile Games A/B Testing, Tactile Entertainment): a gate at level 30 or 40. Hillstrom's MineThatData e-mail
challenge (2008): no e-mail, men's or women's merchandise. Intervals are roots of the defining equation, found by search;
p of a sequence is the level at which its interval touches 0, found by search.
"""
import json
from math import log, log1p, sqrt
from pathlib import Path

from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests

ALPHA = 0.05


def arm(n, converted):
    rate = converted / n
    return {"n": n, "mean": rate, "v": rate * (1 - rate) / (n - 1)}


def multiplier(n, planned, level):
    """Waudby-Smith et al. 2103.06476: tuned to ALPHA at the planned units, read at `level` (its logarithm)."""
    q = n / planned * (-2 * log(ALPHA) + log(1 - 2 * log(ALPHA)))
    return sqrt(2 * (q + 1) / q * (0.5 * log1p(q) - level))


def fieller(control, treatment, critical):
    """Ends of the lift: where (mT - (1 + L) mC)^2 = c^2 (vT + (1 + L)^2 vC)."""
    def distance(lift):
        base = 1 + lift
        return abs(treatment["mean"] - base * control["mean"]) - critical * sqrt(treatment["v"] + base**2 * control["v"])
    estimate = treatment["mean"] / control["mean"] - 1
    return [optimize.brentq(distance, estimate - 2, estimate, xtol=1e-15), optimize.brentq(distance, estimate, estimate + 2, xtol=1e-15)]


def levels(method, ps):
    """Error level of each interval, as the corrections of the statistics have it."""
    m = len(ps)
    rejected = [p < ALPHA for p in multipletests(ps, ALPHA, {"holm": "holm", "benjamini_hochberg": "fdr_bh"}[method])[1]]
    if method == "benjamini_hochberg":
        return [ALPHA * max(1, sum(rejected)) / m] * m
    order = sorted(range(m), key=lambda i: ps[i])
    return [ALPHA / (m - order.index(i)) if rejected[i] else ALPHA / (m - sum(rejected)) for i in range(m)]


def metric(arms, planned, correction):
    control, *treatments = [arm(*own) for own in arms]
    rows = []
    for treatment in treatments:
        se = sqrt(control["v"] + treatment["v"])
        difference = treatment["mean"] - control["mean"]
        n = control["n"] + treatment["n"]
        z = abs(difference) / se
        touch = lambda level: multiplier(n, planned, level) - z
        p = 1.0 if touch(0) >= 0 else float(pow(2.718281828459045, optimize.brentq(touch, -700, 0, xtol=1e-14)))
        sd = lambda a: sqrt(a["v"] * a["n"])
        fixed = stats.ttest_ind_from_stats(treatment["mean"], sd(treatment), treatment["n"], control["mean"], sd(control), control["n"], equal_var=False).pvalue
        rows.append({"treatment": treatment, "difference": difference, "se": se, "n": n, "p": p, "fixed": float(fixed)})
    ps = [row["p"] for row in rows]
    name = {"holm": "holm", "benjamini_hochberg": "fdr_bh"}[correction]
    adjusted = multipletests(ps, ALPHA, name)[1]
    out = []
    for row, level, q in zip(rows, levels(correction, ps), adjusted):
        critical = multiplier(row["n"], planned, log(level))
        out.append({
            "fixedP": row["fixed"], "p": row["p"], "adjustedP": float(q), "level": 1 - level,
            "difference": [row["difference"] - critical * row["se"], row["difference"] + critical * row["se"]],
            "lift": fieller(control, row["treatment"], critical),
        })
    return {"arms": arms, "comparisons": out}


def split(counts):
    found = stats.chisquare(counts)
    return {"chi2": float(found.statistic), "p": float(found.pvalue)}


data = {
    "cookieCats": {
        "variants": ["gate_30", "gate_40"], "plannedUnits": 90_000, "split": split([44700, 45489]),
        "metrics": {
            "day7": metric([[44700, 8502], [45489, 8279]], 90_000, "holm"),
            "day1": metric([[44700, 20034], [45489, 20119]], 90_000, "benjamini_hochberg"),
        },
    },
    "hillstrom": {
        "variants": ["none", "mens", "womens"], "plannedUnits": 64_000, "split": split([21306, 21307, 21387]),
        "metrics": {
            "visit": metric([[21306, 2262], [21307, 3894], [21387, 3238]], 64_000 * 2 / 3, "holm"),
            "conversion": metric([[21306, 122], [21307, 267], [21387, 189]], 64_000 * 2 / 3, "benjamini_hochberg"),
        },
    },
}
Path(__file__).with_name("published.json").write_text(json.dumps(data, indent=1) + "\n")
