"""Guards of a release by mpmath, from the definition: likelihoods of single windows, halving on the
evidence itself. Run: python3 release.py (writes release.json)."""

import json
import pathlib

from mpmath import exp, inf, log, mp, mpf, sqrt

mp.dps = 40
RATIOS = [mpf(11) / 10 * (mpf(50) / (mpf(11) / 10)) ** (mpf(j) / 31) for j in range(32)]
TOP = log(50)


def likelihood(windows, ratio):
    """log likelihood of the arms of all failing units, given that they failed."""
    total = mpf(0)
    for treated, control, n_t, n_c in windows:
        if n_t == 0 or n_c == 0:
            continue
        n_t, n_c = max(n_t, treated), max(n_c, control)
        s = mpf(n_t) / (n_t + n_c)
        p = s * ratio / (s * ratio + 1 - s)
        total += treated * log(p) + control * log(1 - p)
    return total


def evidence(windows, ratio, sign, limit):
    """log of the mean likelihood ratio of RATIOS times (or by) a ratio against it."""
    total = mpf(0)
    for r in RATIOS:
        alternative = ratio * r**sign
        if abs(log(alternative / limit)) > TOP * (1 + mpf(10) ** -20):
            continue
        total += exp(likelihood(windows, alternative) - likelihood(windows, ratio))
    return log(total / 32) if total > 0 else -inf


def bound(windows, limit, alpha, sign):
    """The ratio at which the evidence is 1 / alpha, nearest to the estimate."""
    needed = -log(mpf(alpha))
    steps = [limit * exp(-sign * TOP + sign * 2 * TOP * mpf(k) / 400) for k in range(401)]
    refuted = [x for x in steps if evidence(windows, x, sign, limit) >= needed]
    if not refuted:
        return None
    last = refuted[-1]
    after = steps[steps.index(last) + 1]
    for _ in range(60):  # by halves: the evidence jumps where an alternative leaves the grid
        middle = sqrt(last * after)
        last, after = (middle, after) if evidence(windows, middle, sign, limit) >= needed else (last, middle)
    return float(last)


CASES = [
    (0, [(3, 20, 50, 4950), (2, 25, 60, 4940)], 0.01),
    (0.1, [(8, 2, 100, 9900)], 0.01),
    (0.1, [(5, 0, 100, 9900), (0, 40, 0, 5000), (7, 0, 0, 0), (4, 3, 500, 9500)], 0.005),
    (0, [(0, 300, 2000, 2000)], 0.01),
    (0.25, [(40, 800, 500, 9500), (300, 900, 2500, 7500), (600, 610, 5000, 5000)], 0.01),
    (0, [(20000, 400000, 50000, 950000)], 0.01),
]

out = []
for margin, windows, alpha in CASES:
    limit = mpf(str(margin)) + 1
    judged = [(a, b, max(c, a), max(d, b)) for a, b, c, d in windows if c > 0 and d > 0]
    top = sum(a * mpf(d) / (c + d) for a, b, c, d in judged)
    bottom = sum(b * mpf(c) / (c + d) for a, b, c, d in judged)
    out.append(
        {
            "margin": margin,
            "alpha": alpha,
            "windows": windows,
            "logEvidence": float(evidence(windows, limit, 1, limit)),
            "logSafety": float(evidence(windows, limit, -1, limit)),
            "effect": float(top / bottom) if bottom > 0 else None,
            "low": bound(windows, limit, alpha, 1),
            "high": bound(windows, limit, alpha, -1),
        }
    )

def sequence(steps, alpha, planned):
    """Stratified difference of means and its one-sided asymptotic confidence sequence."""
    weights = total = variance = mpf(0)
    for (n_t, mean_t, m2_t), (n_c, mean_c, m2_c) in steps:
        h = mpf(n_t) * n_c / (n_t + n_c)
        weights += h
        total += h * (mpf(mean_t) - mpf(mean_c))
        variance += h * h * (mpf(m2_t) / (n_t - 1) / n_t + mpf(m2_c) / (n_c - 1) / n_c)
    effect, error, n = total / weights, sqrt(variance) / weights, 4 * weights
    level = 2 * mpf(str(alpha))
    q = n / planned * (-2 * log(level) + log(1 - 2 * log(level)))
    half = error * sqrt(2 * (q + 1) / q * log(1 + sqrt(q + 1) / level))
    return {"effect": float(effect), "low": float(effect - half), "high": float(effect + half)}


steps = [[[600, 170.5, 3.1e7], [59400, 160.25, 2.4e9]], [[3000, 181.0, 1.5e8], [57000, 172.5, 2.6e9]]]
means = {"steps": steps, "alpha": 0.005, **sequence(steps, 0.005, 10_000)}
pathlib.Path(__file__).with_name("release.json").write_text(json.dumps({"failures": out, "means": means}, indent=2) + "\n")
